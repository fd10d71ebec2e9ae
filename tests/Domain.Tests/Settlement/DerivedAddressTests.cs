using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Settlement;

/// <summary>
/// The addresses that follow from others, computed here from their definition (TVM white paper 3.1: hash of the state init's cell) and
/// compared with those of the reference library, whose code is known by hash and depth alone.
/// </summary>
public class DerivedAddressTests
{
    private static readonly JsonElement Vectors = Golden.Read("contracts.json");

    private static JsonElement Derived => Vectors.GetProperty("derived");

    [Fact]
    public void StakeAccount_FollowsFromRegistryAndParticipant()
    {
        foreach (var vector in Derived.GetProperty("stake_accounts").EnumerateArray())
        {
            // Two addresses, then everything that an account begins with: no stake, no withdrawal, no times, no terms, no slashes.
            var data = AddressBits(Derived.Text("registry")) + AddressBits(vector.Text("participant")) + new string('0', 4 + 4 + 32 + 32 + 4 + 32 + 1);
            AddressOf("StakeAccount", data).ToString().ShouldBe(vector.Text("address"));
        }
    }

    [Fact]
    public void Vault_FollowsFromPoolDistributionAndWorker()
    {
        foreach (var vector in Derived.GetProperty("vaults").EnumerateArray())
        {
            var data = AddressBits(Derived.Text("pool_operator")) + AddressBits(Derived.Text("distribution")) + Bits(Convert.FromHexString(vector.Text("worker")));
            AddressOf("WorkerVault", data).ToString().ShouldBe(vector.Text("address"));
        }
    }

    [Fact]
    public void ParameterKey_IsTheHashOfItsName()
    {
        foreach (var vector in Vectors.GetProperty("parameter_keys").EnumerateArray())
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vector.Text("name")))).ShouldBe(vector.Text("key"));
    }

    [Fact]
    public void CommitmentChain_HashesTheFormerChainTheDayAndTheRoot()
    {
        var chain = new byte[32];
        foreach (var vector in Vectors.GetProperty("commitment_chain").EnumerateArray())
        {
            var day = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(day, vector.GetProperty("day").GetUInt32());
            chain = SHA256.HashData([.. chain, .. day, .. Convert.FromHexString(vector.Text("root"))]);
            Convert.ToHexStringLower(chain).ShouldBe(vector.Text("chain"));
        }
    }

    /// <summary>The state init has neither depth, nor library, nor special: code and data are its two references.</summary>
    private static TonAddress AddressOf(string contract, string data)
    {
        var code = Vectors.GetProperty("codes").GetProperty(contract);
        Span<byte> depths = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(depths, code.GetProperty("depth").GetUInt16());
        return new(0, SHA256.HashData([2, 1, 0b0011_0100, .. depths, .. Convert.FromHexString(code.Text("hash")), .. LeafCell(data)]));
    }

    /// <summary>The hash of a cell without references.</summary>
    private static byte[] LeafCell(string bits)
    {
        var (whole, started) = (bits.Length / 8, (bits.Length + 7) / 8);
        if (started > whole)
            bits += "1" + new string('0', (8 * started) - bits.Length - 1);
        return SHA256.HashData([0, (byte)(whole + started), .. Enumerable.Range(0, started).Select(i => byte.Parse(bits.AsSpan(8 * i, 8), NumberStyles.BinaryNumber, CultureInfo.InvariantCulture))]);
    }

    /// <summary>As every address of an account stands in a cell: the constructor, no anycast, workchain, hash.</summary>
    private static string AddressBits(string raw) => "100" + Bits([unchecked((byte)TonAddress.Parse(raw).Workchain), .. TonAddress.Parse(raw).Hash]);

    private static string Bits(byte[] bytes) => string.Concat(bytes.Select(value => value.ToString("b8", CultureInfo.InvariantCulture)));
}
