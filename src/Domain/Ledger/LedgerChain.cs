using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CocoonPool.Domain.Ledger;

/// <summary>
/// The hash chain over a pool's transfers: hash = SHA-256(previous hash ‖ line), where the line is the UTF-8 text of the fields,
/// each followed by a line feed, in the order sequence, id, action, debit, credit, amount, kind, reference, Unix milliseconds, reservation.
/// </summary>
public static class LedgerChain
{
    /// <summary>The hash before the first transfer: 32 zero bytes.</summary>
    public static byte[] Genesis => new byte[32];

    /// <exception cref="ArgumentException">A text field has a line feed, which would make the line ambiguous.</exception>
    public static byte[] Hash(ReadOnlySpan<byte> previous, long sequence, Transfer transfer)
    {
        if (transfer.Id.Contains('\n', StringComparison.Ordinal) || transfer.Reference.Contains('\n', StringComparison.Ordinal))
            throw new ArgumentException("The id and the reference of a transfer have no line feeds.", nameof(transfer));
        var line = string.Create(CultureInfo.InvariantCulture, $"{sequence}\n{transfer.Id}\n{(int)transfer.Action}\n{transfer.Debit}\n{transfer.Credit}\n{transfer.Amount}\n{(int)transfer.Kind}\n{transfer.Reference}\n{transfer.At.ToUnixTimeMilliseconds()}\n{transfer.Reservation}\n");
        var bytes = new byte[32 + Encoding.UTF8.GetByteCount(line)];
        previous.CopyTo(bytes);
        Encoding.UTF8.GetBytes(line, bytes.AsSpan(32));
        return SHA256.HashData(bytes);
    }
}
