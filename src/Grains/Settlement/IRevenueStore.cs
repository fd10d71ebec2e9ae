using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Settlement;

/// <summary>The durable side of the revenue intake. Each method is one database transaction.</summary>
public interface IRevenueStore
{
    /// <summary>Up to which logical time the payments to an address are booked.</summary>
    Task<long> Cursor(string poolId, string address, CancellationToken cancellationToken = default);

    /// <summary>
    /// Books the payments and moves the cursor, together: as revenue, or as the deposit of the client that the comment names. The epoch of
    /// a revenue line is the one that holds the payment's time, if it is still open, else the oldest open one. A payment that was booked
    /// before is skipped. What a vault forwarded is kept with its worker and query id.
    /// </summary>
    /// <param name="payments">One that is ahead of the pool's clock counts in the epoch that runs now.</param>
    Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, CancellationToken cancellationToken = default);

    /// <summary>Every wallet that was ever seen to be the operator's: what they send to the contract is never revenue.</summary>
    Task<IReadOnlySet<TonAddress>> OperatorWallets(string poolId, CancellationToken cancellationToken = default);

    /// <summary>Keeps a wallet of the operator; one that is known already stays as it is.</summary>
    Task RememberOperator(string poolId, TonAddress wallet, CancellationToken cancellationToken = default);
}
