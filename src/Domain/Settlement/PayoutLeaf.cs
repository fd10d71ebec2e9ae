using System.Buffers.Binary;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Settlement;

/// <summary>The bytes of one payable as the distribution contract hashes them into a leaf of the epoch's tree.</summary>
public static class PayoutLeaf
{
    public const int Length = 4 + 4 + 1 + 32 + 8;

    /// <summary>epoch u32 ‖ index u32 ‖ workchain i8 ‖ account hash, 32 bytes ‖ amount in nanoTON u64, all big-endian.</summary>
    public static byte[] Bytes(EpochNumber epoch, Payable payable)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payable.Amount.Value);
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, checked((uint)epoch.Value));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), checked((uint)payable.Index));
        bytes[8] = unchecked((byte)payable.PayoutAddress.Workchain);
        payable.PayoutAddress.Hash.CopyTo(bytes, 9);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(41), (ulong)payable.Amount.Value);
        return bytes;
    }
}
