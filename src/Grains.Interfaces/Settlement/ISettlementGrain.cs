using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Settlement;

/// <summary>Pays one finalized epoch by the exactly-once protocol (docs/settlement.md). Key: <c>pool/number</c>.</summary>
[Alias("cocoon.ISettlementGrain")]
public interface ISettlementGrain : IGrainWithStringKey
{
    /// <summary>Plans the epoch's batches once and starts paying; later calls only wake it.</summary>
    [Alias("Begin")]
    Task<Outcome> Begin();

    [Alias("Describe")]
    Task<SettlementDescription> Describe();

    /// <summary>Carries the settlement one step further, as its timer does.</summary>
    [Alias("Advance")]
    Task Advance();

    /// <summary>Signs nothing new from now on; what is already broadcast is still followed.</summary>
    [Alias("Freeze")]
    Task<Outcome> Freeze(string reason);

    [Alias("Resume")]
    Task<Outcome> Resume();
}

/// <summary>Watches the chain for revenue and clients' deposits and books each payment once. Key: the pool's id.</summary>
[Alias("cocoon.IRevenueGrain")]
public interface IRevenueGrain : IGrainWithStringKey
{
    /// <summary>Starts watching; later calls only wake it.</summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>Reads and books everything that is committed on chain by now. Answers how many payments were new.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();

    /// <summary>
    /// Asked before an epoch is closed: is every payment booked that the chain had until this moment? Reads what is missing, and refuses
    /// with <c>chain_unreachable</c> or <c>revenue_not_read</c>, so that no payment is late because the pool was.
    /// </summary>
    [Alias("ReadThrough")]
    Task<Outcome> ReadThrough(DateTimeOffset moment);
}

[GenerateSerializer, Immutable, Alias("cocoon.SettlementDescription")]
public sealed record SettlementDescription(
    [property: Id(0)] EpochNumber Epoch,
    [property: Id(1)] string Phase,
    [property: Id(2)] bool Frozen,
    [property: Id(3)] string? Trouble,
    [property: Id(4)] Nanotons Total,
    [property: Id(5)] Nanotons Paid,
    [property: Id(6)] BatchDescription[] Batches);

[GenerateSerializer, Immutable, Alias("cocoon.BatchDescription")]
public sealed record BatchDescription(
    [property: Id(0)] int Index,
    [property: Id(1)] string Phase,
    [property: Id(2)] int Payouts,
    [property: Id(3)] Nanotons Total,
    [property: Id(4)] string ListHash,
    [property: Id(5)] string? MessageHash,
    [property: Id(6)] string? TransactionHash,
    [property: Id(7)] Nanotons NetworkFee);
