using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

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

    /// <summary>
    /// Signs nothing new from now on; what is already broadcast is still followed. Refused with <c>epoch_not_finalized</c> while the
    /// epoch has no result: there is nothing to stop yet.
    /// </summary>
    [Alias("Freeze")]
    Task<Outcome> Freeze(string reason);

    [Alias("Resume")]
    Task<Outcome> Resume();

    /// <summary>What settling would do, or still has to do: nothing is stored, reserved or signed.</summary>
    [Alias("Preview")]
    Task<Outcome<SettlementPreview>> Preview();

    /// <summary>Books what was claimed on chain, and releases what was withheld for a freeze that is over, as its reminder does each minute.</summary>
    [Alias("LookAfterHolds")]
    Task LookAfterHolds();

    /// <summary>Lets a participant claim what this epoch withholds. Refused with <c>payouts_frozen</c> while payouts to the participant are frozen.</summary>
    [Alias("Release")]
    Task<Outcome> Release(TonAddress participant);
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

/// <param name="Paid">Sent and claimed.</param>
/// <param name="Alert">The code of what keeps it from going on; see docs/settlement.md.</param>
[GenerateSerializer, Immutable, Alias("cocoon.SettlementDescription")]
public sealed record SettlementDescription(
    [property: Id(0)] EpochNumber Epoch,
    [property: Id(1)] string Phase,
    [property: Id(2)] bool Frozen,
    [property: Id(3)] string? Trouble,
    [property: Id(4)] Nanotons Total,
    [property: Id(5)] Nanotons Paid,
    [property: Id(6)] BatchDescription[] Batches,
    [property: Id(7)] HoldDescription[] Held,
    [property: Id(8)] string? Alert,
    [property: Id(9)] DateTimeOffset? AlertSince);

/// <summary>Entries that are not sent, by reason and state.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.HoldDescription")]
public sealed record HoldDescription(
    [property: Id(0)] string Reason,
    [property: Id(1)] string State,
    [property: Id(2)] int Payouts,
    [property: Id(3)] Nanotons Amount);

/// <summary>A settlement before it is carried out.</summary>
/// <param name="Planned">The plan is frozen already; these are the batches that are not done.</param>
/// <param name="Needed">What the contract must hold, beside its reserve and what other epochs owe; nothing once the epoch is open.</param>
/// <param name="Available">What it holds beside that; null when the chain cannot be asked.</param>
[GenerateSerializer, Immutable, Alias("cocoon.SettlementPreview")]
public sealed record SettlementPreview(
    [property: Id(0)] EpochNumber Epoch,
    [property: Id(1)] bool Planned,
    [property: Id(2)] Nanotons Total,
    [property: Id(3)] Nanotons Fee,
    [property: Id(4)] Nanotons EstimatedNetworkFees,
    [property: Id(5)] Nanotons Needed,
    [property: Id(6)] Nanotons? Available,
    [property: Id(7)] BatchDescription[] Batches,
    [property: Id(8)] HoldDescription[] Held);

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
