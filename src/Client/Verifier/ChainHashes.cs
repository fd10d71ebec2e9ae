using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace CocoonPool.Verifier;

/// <summary>One push of money: where to, in the order of payment.</summary>
internal sealed record Push(int Index, Address To, BigInteger Amount);

/// <summary>The two hashes by which the chain knows an epoch's payouts, computed top-down from their definitions.</summary>
internal static class ChainHashes
{
    /// <summary>
    /// The Merkle root. A tree in which an odd last node moves up is the one of RFC 6962: left of the root the largest power of
    /// two of leaves that leaves some for the right.
    /// </summary>
    public static byte[] MerkleRoot(int epoch, ReadOnlySpan<Push> pushes)
    {
        if (pushes.IsEmpty)
            return new byte[32];
        if (pushes.Length == 1)
            return SHA256.HashData([0, .. Leaf(epoch, pushes[0])]);
        var left = 1;
        while (left * 2 < pushes.Length)
            left *= 2;
        return SHA256.HashData([1, .. MerkleRoot(epoch, pushes[..left]), .. MerkleRoot(epoch, pushes[left..])]);
    }

    /// <summary>The representation hash of a payout list: cells of up to three entries, each cell pointing at the rest.</summary>
    public static byte[] ListHash(ReadOnlySpan<Push> pushes) => Cell(pushes).Hash;

    private static byte[] Leaf(int epoch, Push push) =>
    [
        .. BigEndian(epoch, 4),
        .. BigEndian(push.Index, 4),
        (byte)(push.To.Workchain & 0xff),
        .. Convert.FromHexString(push.To.HashHex),
        .. BigEndian(push.Amount, 8),
    ];

    private static byte[] BigEndian(BigInteger value, int length)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static (byte[] Hash, int Depth) Cell(ReadOnlySpan<Push> pushes)
    {
        var here = pushes[..Math.Min(3, pushes.Length)];
        var rest = pushes[here.Length..];

        var bits = new StringBuilder(Binary(here.Length, 2));
        foreach (var push in here)
        {
            var amount = push.Amount.IsZero ? [] : push.Amount.ToByteArray(isUnsigned: true, isBigEndian: true);
            bits.Append("100").Append(Binary(push.To.Workchain & 0xff, 8));
            bits.Append(Binary(BigInteger.Parse("0" + push.To.HashHex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 256));
            bits.Append(Binary(amount.Length, 4)).Append(Binary(push.Amount, 8 * amount.Length));
        }

        bits.Append(rest.IsEmpty ? '0' : '1');
        var next = rest.IsEmpty ? default : Cell(rest);
        var descriptor = new[] { (byte)(rest.IsEmpty ? 0 : 1), (byte)((bits.Length / 8) + ((bits.Length + 7) / 8)) };
        if (bits.Length % 8 != 0)
            bits.Append('1').Append('0', (8 - (bits.Length % 8)) % 8);

        var representation = descriptor.Concat(Pack(bits.ToString()));
        if (!rest.IsEmpty)
            representation = representation.Concat(BigEndian(next.Depth, 2)).Concat(next.Hash);
        return (SHA256.HashData([.. representation]), rest.IsEmpty ? 0 : next.Depth + 1);
    }

    private static string Binary(BigInteger value, int bits)
    {
        if (bits == 0)
            return "";
        var text = value.ToString("b", CultureInfo.InvariantCulture);
        return text.Length > bits ? text[^bits..] : text.PadLeft(bits, '0');
    }

    private static IEnumerable<byte> Pack(string bits) =>
        Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2));
}
