using System.Buffers.Binary;
using System.Security.Cryptography;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Settlement;

/// <summary>One entry of a batch: where to and how much.</summary>
public sealed record Payout(TonAddress To, Nanotons Amount)
{
    /// <summary>The entry's place in the epoch's tree, by which the chain gateway sees that no entry is paid in two ways. Not part of the list.</summary>
    public int Index { get; init; }
}

/// <summary>
/// The list of a batch as TVM cells, reduced to what the pool needs of them: the representation hash of the root, which
/// names the list on chain. Layout (TL-B): <c>payout$_ to:MsgAddressInt amount:Coins = Payout;
/// payout_list$_ count:(## 2) {1 &lt;= count &lt;= 3} payouts:(count * Payout) next:(Maybe ^PayoutList) = PayoutList;</c>
/// with three entries in every cell but the last.
/// </summary>
public static class PayoutList
{
    /// <summary>One transaction of the contract can send no more.</summary>
    public const int MaxEntries = 250;

    private const int EntriesPerCell = 3;

    /// <summary>SHA-256 of the root cell's representation, 32 bytes. The order of entries counts.</summary>
    /// <exception cref="ArgumentException">The list is empty or longer than <see cref="MaxEntries"/>, or an amount is negative.</exception>
    public static byte[] Hash(IReadOnlyList<Payout> payouts)
    {
        if (payouts.Count is < 1 or > MaxEntries)
            throw new ArgumentException($"A batch has 1 to {MaxEntries} payouts, not {payouts.Count}.", nameof(payouts));

        // Cells refer to the next one by hash and depth, so the chain is built from its tail.
        byte[]? nextHash = null;
        ushort nextDepth = 0;
        for (var start = (payouts.Count - 1) / EntriesPerCell * EntriesPerCell; start >= 0; start -= EntriesPerCell)
        {
            var depth = nextHash is null ? (ushort)0 : (ushort)(nextDepth + 1);
            nextHash = CellHash(payouts, start, nextHash, nextDepth);
            nextDepth = depth;
        }

        return nextHash!;
    }

    private static byte[] CellHash(IReadOnlyList<Payout> payouts, int start, byte[]? nextHash, ushort nextDepth)
    {
        var bits = new CellBits();
        var count = Math.Min(EntriesPerCell, payouts.Count - start);
        bits.Append((ulong)count, 2);
        for (var i = start; i < start + count; i++)
        {
            Address(bits, payouts[i].To);
            Coins(bits, payouts[i].Amount);
        }

        bits.Append(nextHash is null ? 0UL : 1UL, 1);
        return bits.RepresentationHash(nextHash, nextDepth);
    }

    /// <summary><c>addr_std$10 anycast:nothing$0 workchain:int8 hash:bits256</c>, 267 bits.</summary>
    private static void Address(CellBits bits, TonAddress address)
    {
        bits.Append(0b100, 3);
        bits.Append(unchecked((byte)address.Workchain), 8);
        foreach (var value in address.Hash)
            bits.Append(value, 8);
    }

    /// <summary>VarUInteger 16: the number of bytes in 4 bits, then the amount in as few bytes as it needs.</summary>
    private static void Coins(CellBits bits, Nanotons amount)
    {
        if (amount.IsNegative)
            throw new ArgumentException("A payout is never negative.", nameof(amount));
        var value = (ulong)amount.Value;
        var bytes = (71 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 8;
        bits.Append((ulong)bytes, 4);
        bits.Append(value, bytes * 8);
    }

    /// <summary>The data of one ordinary cell of level 0 with at most one reference.</summary>
    private sealed class CellBits
    {
        private readonly byte[] _data = new byte[128];
        private int _length;

        public void Append(ulong value, int bits)
        {
            for (var bit = bits - 1; bit >= 0; bit--, _length++)
            {
                if (((value >> bit) & 1) != 0)
                    _data[_length / 8] |= (byte)(0x80 >> (_length % 8));
            }
        }

        /// <summary>SHA256(d1 ‖ d2 ‖ data, completed with a 1 bit and zeros ‖ depth of the reference ‖ its hash); TVM white paper, 3.1.4-3.1.5.</summary>
        public byte[] RepresentationHash(byte[]? referenceHash, ushort referenceDepth)
        {
            var whole = _length / 8;
            var started = (_length + 7) / 8;
            if (started != whole)
                _data[whole] |= (byte)(0x80 >> (_length % 8));

            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData([(byte)(referenceHash is null ? 0 : 1), (byte)(whole + started)]);
            sha.AppendData(_data.AsSpan(0, started));
            if (referenceHash is not null)
            {
                Span<byte> depth = stackalloc byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(depth, referenceDepth);
                sha.AppendData(depth);
                sha.AppendData(referenceHash);
            }

            return sha.GetHashAndReset();
        }
    }
}
