using System.Buffers.Text;
using System.Globalization;

namespace CocoonPool.Domain.Participants;

/// <summary>The TON network a pool works on. An address marked "test only" is refused on the main network.</summary>
public enum TonNetwork
{
    Mainnet = 0,
    Testnet = 1,

    /// <summary>The local chain of a development machine; accepts both kinds of address.</summary>
    Local = 2,
}

/// <summary>
/// A standard TON address: workchain and 256-bit account hash. Read from every TON form (raw, bounceable, non-bounceable,
/// test-only) and shown non-bounceable. Format: TEP-2 (tag, workchain, hash, CRC16-XMODEM; base64 or base64url).
/// Ordered by workchain, then by hash as an unsigned big-endian number: the order in which ties of a split are broken.
/// </summary>
public readonly record struct TonAddress : IComparable<TonAddress>
{
    private const byte BounceableTag = 0x11;
    private const byte NonBounceableTag = 0x51;
    private const byte TestOnlyFlag = 0x80;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <param name="workchain">−1 (masterchain) or 0 (basechain).</param>
    /// <param name="hash">32 bytes.</param>
    /// <exception cref="ArgumentException">The hash has another length or the workchain is none of the two.</exception>
    public TonAddress(sbyte workchain, ReadOnlySpan<byte> hash)
    {
        if (hash.Length != 32)
            throw new ArgumentException("An account hash has 32 bytes.", nameof(hash));
        if (workchain is not (0 or -1))
            throw new ArgumentException("The workchain is 0 or -1.", nameof(workchain));
        Workchain = workchain;
        _high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    public sbyte Workchain { get; }

    /// <summary>The account hash, 32 bytes.</summary>
    public byte[] Hash
    {
        get
        {
            var bytes = new byte[32];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), _low);
            return bytes;
        }
    }

    public int CompareTo(TonAddress other)
    {
        var byWorkchain = Workchain.CompareTo(other.Workchain);
        if (byWorkchain != 0)
            return byWorkchain;
        var byHigh = _high.CompareTo(other._high);
        return byHigh != 0 ? byHigh : _low.CompareTo(other._low);
    }

    public static bool operator <(TonAddress left, TonAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(TonAddress left, TonAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(TonAddress left, TonAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(TonAddress left, TonAddress right) => left.CompareTo(right) >= 0;

    /// <summary>Reads any TON form. On failure <paramref name="problem"/> says what is wrong in words for the caller.</summary>
    public static bool TryParse(string? text, TonNetwork network, out TonAddress address, out string problem)
    {
        address = default;
        problem = "";
        if (string.IsNullOrWhiteSpace(text))
            problem = "The address is empty; give a TON address such as 0:<64 hex digits> or UQ….";
        else if (text.Contains(':', StringComparison.Ordinal))
            problem = ParseRaw(text, ref address);
        else if (text.Length == 48)
            problem = ParseFriendly(text, network, ref address);
        else
            problem = "This is neither a raw address (0:<64 hex digits>) nor a user-friendly one (48 characters).";
        return problem.Length == 0;
    }

    /// <summary>Reads an address that is known to be right, such as one from the database.</summary>
    /// <exception cref="FormatException">It is not an address.</exception>
    public static TonAddress Parse(string text) =>
        TryParse(text, TonNetwork.Local, out var address, out var problem) ? address : throw new FormatException(problem);

    /// <summary>The raw form, <c>workchain:hex</c>, lower case: the key of a participant.</summary>
    public override string ToString() => $"{Workchain.ToString(CultureInfo.InvariantCulture)}:{Convert.ToHexStringLower(Hash)}";

    /// <summary>The user-friendly form: 48 characters of base64url.</summary>
    public string ToFriendly(bool bounceable = false, bool testOnly = false)
    {
        Span<byte> bytes = stackalloc byte[36];
        bytes[0] = (byte)((bounceable ? BounceableTag : NonBounceableTag) | (testOnly ? TestOnlyFlag : 0));
        bytes[1] = (byte)Workchain;
        Hash.CopyTo(bytes[2..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[34..], Crc16(bytes[..34]));
        return Base64Url.EncodeToString(bytes);
    }

    private static string ParseRaw(string text, ref TonAddress address)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        sbyte? workchain = text[..colon] switch { "0" => 0, "-1" => -1, _ => null };
        if (workchain is null)
            return "The workchain before the colon must be 0 or -1.";
        var hex = text[(colon + 1)..];
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigit))
            return "After the colon there must be 64 hexadecimal digits.";
        address = new TonAddress(workchain.Value, Convert.FromHexString(hex));
        return "";
    }

    private static string ParseFriendly(string text, TonNetwork network, ref TonAddress address)
    {
        Span<byte> bytes = stackalloc byte[36];
        var url = text.Replace('+', '-').Replace('/', '_');
        if (!Base64Url.IsValid(url) || !Base64Url.TryDecodeFromChars(url, bytes, out var written) || written != 36)
            return "The address is not base64; copy it again.";
        if (System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[34..]) != Crc16(bytes[..34]))
            return "The checksum does not fit: a character is wrong or missing; copy the address again.";
        var testOnly = (bytes[0] & TestOnlyFlag) != 0;
        if ((bytes[0] & ~TestOnlyFlag) is not (BounceableTag or NonBounceableTag))
            return "The first byte is none that TON uses for addresses.";
        if (testOnly && network == TonNetwork.Mainnet)
            return "This address is marked for test networks only, and this pool pays on the main network.";
        var workchain = (sbyte)bytes[1];
        if (workchain is not (0 or -1))
            return "The workchain in this address must be 0 or -1.";
        address = new TonAddress(workchain, bytes.Slice(2, 32));
        return "";
    }

    /// <summary>CRC16-XMODEM (polynomial 0x1021, initial value 0), as TEP-2 asks.</summary>
    private static ushort Crc16(ReadOnlySpan<byte> data)
    {
        ushort crc = 0;
        foreach (var value in data)
        {
            crc ^= (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (ushort)((crc << 1) ^ 0x1021) : (ushort)(crc << 1);
        }
        return crc;
    }
}
