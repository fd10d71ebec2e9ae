using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
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
}

/// <summary>One message of a settlement: number −1 opens the epoch on chain, 0 and up are the batches.</summary>
/// <param name="Boc">The signed bytes, base64; set exactly while and after a signature exists.</param>
/// <param name="Attempts">How many signatures there have been, one after the other.</param>
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
    Nanotons NetworkFee)
{
    public const int OpenEpoch = -1;
}

/// <summary>A settlement as it is stored.</summary>
public sealed record StoredSettlement(EpochNumber Epoch, Nanotons Total, Nanotons Fee, int PayoutCount, byte[] MerkleRoot, byte[] BundleHash, IReadOnlyList<SettlementMessage> Messages);

/// <summary>The durable side of the payout protocol. Each method is one database transaction.</summary>
public interface ISettlementStore
{
    Task<StoredSettlement?> Find(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>Step 1: freezes the plan and reserves the money, together. A settlement that is planned already stays as it is.</summary>
    Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default);

    /// <summary>Step 3: stores the signed bytes before they are sent. Replaces an earlier signature, which the caller has proven dead.</summary>
    Task SaveSignature(string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, CancellationToken cancellationToken = default);

    /// <summary>Step 7: the chain proved it; books the payouts and the network fee, together.</summary>
    Task Confirm(string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    /// <summary>Every payout to one participant, newest first.</summary>
    Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, Domain.Participants.TonAddress? participant, int limit, CancellationToken cancellationToken = default);
}

public sealed record ParticipantPayout(
    EpochNumber Epoch, int Batch, Domain.Participants.TonAddress Participant, Domain.Participants.TonAddress PayoutAddress, Nanotons Amount, MessagePhase Phase, string? TransactionHash);
