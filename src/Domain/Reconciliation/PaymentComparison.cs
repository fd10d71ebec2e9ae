using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>A payment to the pool as the chain has it.</summary>
/// <param name="Transaction">Lower-case hex.</param>
/// <param name="IsRead">The pool's cursor has passed it.</param>
public sealed record SeenPayment(string Transaction, Nanotons Amount, bool IsRead);

/// <summary>A payment to the pool as the books have it.</summary>
public sealed record BookedPayment(string Transaction, Nanotons Amount);

/// <summary>Payments to the pool on chain ↔ lines of the books, by transaction.</summary>
public static class PaymentComparison
{
    /// <param name="seen">What counts as the pool's income: neither failed payments nor what its own operator sent.</param>
    public static IEnumerable<Difference> Compare(IEnumerable<SeenPayment> seen, IEnumerable<BookedPayment> booked)
    {
        var lines = booked.ToDictionary(line => line.Transaction, StringComparer.Ordinal);
        foreach (var payment in seen)
        {
            if (!lines.Remove(payment.Transaction, out var line))
            {
                yield return payment.IsRead
                    ? new(DifferenceKind.PaymentNotBooked, "The chain has this payment, the pool has read past it, and the books have no line of it.", Subject: payment.Transaction, Expected: payment.Amount)
                    : new(DifferenceKind.PaymentNotRead, "The chain has this payment; the pool has not read it yet.", Subject: payment.Transaction, Expected: payment.Amount);
            }
            else if (line.Amount != payment.Amount)
                yield return new(DifferenceKind.PaymentDiffers, "This payment is booked with another amount than it had.", Subject: payment.Transaction, Expected: payment.Amount, Found: line.Amount);
        }
        foreach (var line in lines.Values)
            yield return new(DifferenceKind.PaymentNotOnChain, "The books have this payment and the chain does not.", Subject: line.Transaction, Found: line.Amount);
    }
}
