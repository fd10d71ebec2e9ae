using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>Everything that says something about the payments of one epoch. Records and lines are of one moment, the chain of a later one.</summary>
/// <param name="Due">Who is owed how much, as the epoch's result was published.</param>
/// <param name="Record">Null while the epoch is not planned.</param>
/// <param name="Lines">Every line of the books that belongs to the epoch's settlement.</param>
/// <param name="Chain">Null when the chain was not asked.</param>
public sealed record EpochWitnesses(
    EpochNumber Epoch, ImmutableArray<Payable> Due, byte[] MerkleRoot, SettlementRecord? Record, IReadOnlyList<Transfer> Lines, EpochSeen? Chain);

/// <summary>A settlement as it is recorded.</summary>
/// <param name="ClaimFrom">Entries from this index on are claimed.</param>
/// <param name="Entries">In the order of their indexes.</param>
public sealed record SettlementRecord(
    Nanotons Total, Nanotons Fee, int ClaimFrom, byte[] MerkleRoot, byte[] BundleHash, ImmutableArray<RecordedMessage> Messages, ImmutableArray<RecordedEntry> Entries);

public enum RecordedPhase
{
    /// <summary>Planned or signed.</summary>
    Waiting = 0,

    /// <summary>Booked as carried out.</summary>
    Done = 1,

    /// <summary>Given up for other batches.</summary>
    GivenUp = 2,
}

/// <param name="Index">−1 opens the epoch, 0 and up are batches, −2 and down releases.</param>
public sealed record RecordedMessage(int Index, RecordedPhase Phase, byte[] ListHash, Nanotons Total, string? Transaction, Nanotons NetworkFee);

/// <param name="Message">The batch that pays it, or the message that makes it claimable; null while it is withheld.</param>
/// <param name="Held">Set for an entry that is claimed instead of being sent.</param>
public sealed record RecordedEntry(Payable Entry, int? Message, HoldState? Held, HoldReason? Reason, string? ClaimTransaction);

/// <summary>An epoch as the contract shows it at a committed block.</summary>
/// <param name="Forgotten">It was paid in full and its details were pruned: the contract remembers nothing else of it.</param>
public sealed record EpochSeen(
    bool Opened, bool Forgotten, Nanotons Total, Nanotons Fee, int ClaimFrom, byte[] MerkleRoot, byte[] BundleHash,
    ImmutableArray<BatchSeen> Batches, ImmutableArray<int> Released, ImmutableArray<ClaimSeen> Claims);

/// <param name="NetworkFee">Null until its transaction is found.</param>
public sealed record BatchSeen(int Index, byte[] ListHash, string? Transaction, Nanotons? NetworkFee);

public sealed record ClaimSeen(int Index, string? Transaction);
