using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Settlement;

/// <summary>The phases of one message of a settlement.</summary>
public enum MessagePhase
{
    /// <summary>Frozen in the plan; no signature is alive.</summary>
    Planned = 0,

    /// <summary>Signed, and the bytes are stored; they may have been sent.</summary>
    Signed = 1,

    /// <summary>Proven by the chain and booked.</summary>
    Done = 2,

    /// <summary>Given up for other batches; its number is never used again.</summary>
    Replaced = 3,
}

/// <summary>One message of a settlement: number −1 opens the epoch on chain, 0 and up are the batches, −2 and down release entries for claiming.</summary>
/// <param name="Entries">What a batch pays, or what a release releases; empty for the opening.</param>
/// <param name="Boc">The signed bytes, base64; set exactly while and after a signature exists.</param>
/// <param name="Attempts">How many signatures there have been, one after the other.</param>
/// <param name="InDoubt">An earlier signature may have an effect that nobody has seen; see <see cref="PayoutProtocol.LeavesDoubt"/>.</param>
public sealed record SettlementMessage(
    int Index,
    MessagePhase Phase,
    byte[] ListHash,
    Nanotons Total,
    IReadOnlyList<Payable> Entries,
    string? Boc,
    string? MessageHash,
    LiveSignature? Signature,
    int Attempts,
    string? TransactionHash,
    Nanotons NetworkFee,
    bool InDoubt = false)
{
    public const int OpenEpoch = PayoutPlan.Opening;

    public bool IsBatch => Index >= 0;

    public bool IsRelease => Index < OpenEpoch;

    /// <summary>A message that has not been signed.</summary>
    public static SettlementMessage Planned(int index, byte[] listHash, Nanotons total, IReadOnlyList<Payable> entries) =>
        new(index, MessagePhase.Planned, listHash, total, entries, null, null, null, 0, null, Nanotons.Zero);

    public static SettlementMessage Planned(PlannedBatch batch) => Planned(batch.Index, batch.ListHash, batch.Total, batch.Entries);

    public static SettlementMessage Planned(PlannedRelease release) => Planned(release.Message, new byte[32], Nanotons.Zero, release.Entries);
}

/// <summary>A settlement as it is stored.</summary>
/// <param name="ClaimFrom">Entries from this index on are claimed, not sent.</param>
/// <param name="Held">The entries that were taken aside, claimed ones too.</param>
public sealed record StoredSettlement(
    EpochNumber Epoch,
    Nanotons Total,
    Nanotons Fee,
    int PayoutCount,
    byte[] MerkleRoot,
    byte[] BundleHash,
    IReadOnlyList<SettlementMessage> Messages,
    int ClaimFrom,
    IReadOnlyList<HeldPayout> Held);

/// <summary>What the next step of a settlement needs to know, and no more: an epoch may have 100,000 payouts.</summary>
/// <param name="WaitsForEarlier">An earlier epoch is not settled: one wallet signs for all, in order.</param>
/// <param name="Settlement">Without held entries, and of the messages only the one whose turn it is.</param>
/// <param name="NextBatch">The first number of a batch that was never used.</param>
/// <param name="NextRelease">The same for releases, which count downwards.</param>
/// <param name="OpenHolds">How many held entries are not claimed.</param>
public sealed record SettlementTurn(EpochState Phase, bool WaitsForEarlier, StoredSettlement Settlement, int NextBatch, int NextRelease, int OpenHolds, SettlementAlert? Alert)
{
    public SettlementMessage? Message => Settlement.Messages.Count == 0 ? null : Settlement.Messages[0];
}

/// <summary>A settlement without its entries.</summary>
public sealed record SettlementOutline(Nanotons Total, IReadOnlyList<MessageOutline> Messages, IReadOnlyList<HoldSum> Held, SettlementAlert? Alert);

public sealed record MessageOutline(int Index, MessagePhase Phase, int Payouts, Nanotons Total, byte[] ListHash, string? MessageHash, string? TransactionHash, Nanotons NetworkFee);

public sealed record HoldSum(HoldReason Reason, HoldState State, int Count, Nanotons Amount);

/// <summary>Something that keeps a settlement from going on.</summary>
/// <param name="Code">See <see cref="SettlementTrouble"/>.</param>
public sealed record SettlementAlert(string Code, string Text, DateTimeOffset Since);

/// <summary>The durable side of the payout protocol. Each method is one database transaction.</summary>
public interface ISettlementStore
{
    /// <summary>Everything, with every entry: for audits and tests.</summary>
    Task<StoredSettlement?> Find(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>Null when the epoch is not planned.</summary>
    Task<SettlementTurn?> Turn(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    Task<SettlementOutline?> Outline(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>Step 1: freezes the plan and reserves the money, together. A settlement that is planned already stays as it is.</summary>
    Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default);

    /// <summary>Step 3: stores the signed bytes before they are sent. Replaces an earlier signature, which the caller has proven dead or marks as in doubt.</summary>
    Task SaveSignature(
        string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, bool inDoubt = false, CancellationToken cancellationToken = default);

    /// <summary>Step 7: the chain proved it; books the payouts and the network fee, and makes what it released claimable, together.</summary>
    Task Confirm(string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    /// <summary>Gives a batch up for others and moves its reservations, together. A batch that is done or given up already stays as it is.</summary>
    Task Regroup(string poolId, EpochNumber epoch, BatchRegrouping regrouping, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    /// <summary>The held entries of an epoch that are not claimed yet.</summary>
    Task<IReadOnlyList<HeldPayout>> OpenHolds(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>Plans messages that make withheld entries claimable. False, without any change, when one of the entries is not withheld any more.</summary>
    Task<bool> Release(string poolId, EpochNumber epoch, IReadOnlyList<PlannedRelease> releases, CancellationToken cancellationToken = default);

    /// <summary>Books a claim that the chain shows. One that is booked already stays as it is.</summary>
    Task BookClaim(string poolId, EpochNumber epoch, int index, string transactionHash, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    /// <summary>Remembers what keeps the settlement from going on; null when nothing does any more.</summary>
    Task SetAlert(string poolId, EpochNumber epoch, SettlementAlert? alert, CancellationToken cancellationToken = default);

    /// <summary>Every payout to one participant, or to all, newest first; held ones too.</summary>
    Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, TonAddress? participant, int limit, CancellationToken cancellationToken = default);

    /// <summary>The epochs in which something of this participant is withheld.</summary>
    Task<IReadOnlyList<EpochNumber>> EpochsWithholding(string poolId, TonAddress participant, CancellationToken cancellationToken = default);

    /// <summary>How many settlements have an alert, and how many entries are held in which state.</summary>
    Task<(int Alerts, IReadOnlyDictionary<HoldState, int> Held)> Figures(string poolId, CancellationToken cancellationToken = default);
}

/// <param name="Batch">The batch that pays it; −1 and below for an entry that is claimed, null for one that is withheld.</param>
/// <param name="Phase">Of the message that pays it. A held entry is done when it was claimed.</param>
/// <param name="Held">Set for an entry that is claimed instead of being sent.</param>
public sealed record ParticipantPayout(
    EpochNumber Epoch, int? Batch, TonAddress Participant, TonAddress PayoutAddress, Nanotons Amount, MessagePhase Phase, string? TransactionHash,
    int Index = 0, HoldState? Held = null, HoldReason? Reason = null, string? Detail = null);
