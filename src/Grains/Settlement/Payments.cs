namespace CocoonPool.Grains.Settlement;

/// <summary>Pages of payments as they may come: in any order, doubled, with some that are known.</summary>
public static class Payments
{
    /// <summary>What is new since the cursor, once each, by logical time. Empty when the page brought nothing new.</summary>
    public static IReadOnlyList<IncomingPayment> InOrder(IReadOnlyList<IncomingPayment> page, long cursor) =>
        [.. page.Where(payment => payment.LogicalTime > cursor).DistinctBy(payment => payment.LogicalTime).OrderBy(payment => payment.LogicalTime)];
}
