using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;

namespace CocoonPool.Grains.Reconciliation;

/// <summary>What the database says about payments, for comparing it with the chain. Nothing is written.</summary>
public interface IReconciliationStore
{
    /// <summary>Epochs of which something was planned, paid or claimed from one moment until another, or that were being paid at its end; oldest first.</summary>
    Task<IReadOnlyList<EpochNumber>> Epochs(string poolId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>A settlement's records and every line of the books that belongs to it, both of one moment. Without a record the epoch is not planned.</summary>
    Task<(SettlementRecord? Record, IReadOnlyList<Transfer> Lines)> Settlement(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>The payments to the pool that are booked with a time of the chain in this period.</summary>
    Task<IReadOnlyList<BookedPayment>> Payments(string poolId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>A logical time before every payment to the address since this moment: reading begins there, and not at the beginning of the chain.</summary>
    Task<long> LogicalTimeBefore(string poolId, string address, DateTimeOffset moment, CancellationToken cancellationToken = default);
}
