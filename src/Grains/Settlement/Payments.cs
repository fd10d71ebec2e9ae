using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Settlement;

/// <summary>Pages of payments as they may come: in any order, doubled, with some that are known.</summary>
public static class Payments
{
    /// <summary>What is new since the cursor, once each, by logical time. Empty when the page brought nothing new.</summary>
    public static IReadOnlyList<IncomingPayment> InOrder(IReadOnlyList<IncomingPayment> page, long cursor) =>
        [.. page.Where(payment => payment.LogicalTime > cursor).DistinctBy(payment => payment.LogicalTime).OrderBy(payment => payment.LogicalTime)];

    /// <summary>Whether the pool earned it: the coins stayed, and they are not what its own operator put there for fees.</summary>
    /// <param name="operators">Every wallet that was the operator's, the present one too.</param>
    public static bool IsIncome(IncomingPayment payment, IReadOnlySet<TonAddress> operators) =>
        !payment.Aborted && payment.Amount.IsPositive && !operators.Contains(payment.From) && (payment.Vault is not { } vault || !operators.Contains(vault.PaidBy));
}
