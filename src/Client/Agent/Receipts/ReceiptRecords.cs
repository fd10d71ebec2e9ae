using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CocoonPool.Client.Agent.Receipts;

/// <summary>
/// The records of a receipt file. One record: length of the payload (u32, little endian), first 16 bytes of the payload's
/// SHA-256, payload. Payload: <c>R</c>, three byte strings with a u32 length each (task id, ticket, canonical bytes); or
/// <c>A</c> and one byte string (the task id of a receipt that is settled).
/// </summary>
internal static class ReceiptRecords
{
    private const int HeadBytes = 4 + ChecksumBytes;
    private const int ChecksumBytes = 16;

    /// <summary>Larger than any receipt by far; a length beyond it is damage.</summary>
    private const int MaxPayloadBytes = 1024 * 1024;

    public static void WriteKept(MemoryStream output, StoredReceipt receipt) =>
        Write(output, 'R', Encoding.UTF8.GetBytes(receipt.TaskId), Encoding.UTF8.GetBytes(receipt.Ticket), receipt.Canonical);

    public static void WriteSettled(MemoryStream output, string taskId) => Write(output, 'A', Encoding.UTF8.GetBytes(taskId));

    /// <summary>
    /// Reads the record at the start. Answers its length in bytes, or 0 when there is no whole and undamaged record.
    /// Exactly one of the two results is set otherwise.
    /// </summary>
    public static int TryRead(ReadOnlySpan<byte> bytes, out StoredReceipt? kept, out string? settled)
    {
        kept = null;
        settled = null;
        if (bytes.Length < HeadBytes)
            return 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is 0 or > MaxPayloadBytes || bytes.Length - HeadBytes < length)
            return 0;
        var payload = bytes.Slice(HeadBytes, (int)length);
        if (!SHA256.HashData(payload).AsSpan(0, ChecksumBytes).SequenceEqual(bytes.Slice(4, ChecksumBytes)))
            return 0;
        var rest = payload[1..];
        if (payload[0] == 'A' && TryTake(ref rest, out var id))
            settled = Encoding.UTF8.GetString(id);
        else if (payload[0] == 'R' && TryTake(ref rest, out var task) && TryTake(ref rest, out var ticket) && TryTake(ref rest, out var canonical))
            kept = new StoredReceipt(Encoding.UTF8.GetString(task), Encoding.UTF8.GetString(ticket), canonical.ToArray());
        else
            return 0;
        return HeadBytes + (int)length;
    }

    private static void Write(MemoryStream output, char kind, params ReadOnlySpan<byte[]> parts)
    {
        var length = 1;
        foreach (var part in parts)
            length += 4 + part.Length;
        var record = new byte[HeadBytes + length];
        var payload = record.AsSpan(HeadBytes);
        payload[0] = (byte)kind;
        var at = 1;
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(payload[at..], (uint)part.Length);
            part.CopyTo(payload[(at + 4)..]);
            at += 4 + part.Length;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)length);
        SHA256.HashData(payload).AsSpan(0, ChecksumBytes).CopyTo(record.AsSpan(4));
        output.Write(record);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (rest.Length < 4)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (rest.Length - 4 < length)
            return false;
        part = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
