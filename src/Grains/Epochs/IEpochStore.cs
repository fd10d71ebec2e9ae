using CocoonPool.Domain;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Epochs;

/// <summary>The calendar of a pool's epochs and their published results.</summary>
public interface IEpochStore
{
    /// <summary>Writes the pool's calendar and opens epoch 1; a repeat changes nothing.</summary>
    Task CreateCalendar(string poolId, DateTimeOffset firstStart, DateTimeOffset firstEnd, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Opens every epoch up to the one that holds this moment.</summary>
    Task OpenUntil(string poolId, DateTimeOffset moment, CancellationToken cancellationToken = default);

    /// <summary>How long the epochs last that are opened from now on; those that are open keep their ends.</summary>
    Task ChangeDuration(string poolId, TimeSpan duration, CancellationToken cancellationToken = default);

    Task<EpochDescription?> Find(string poolId, EpochNumber number, CancellationToken cancellationToken = default);

    /// <summary>The epochs that are not settled, oldest first: few, however old the pool is.</summary>
    Task<IReadOnlyList<EpochDescription>> Unsettled(string poolId, CancellationToken cancellationToken = default);

    /// <summary>So many epochs, newest first. They are numbered without gaps, so the newest one's number is how many there are.</summary>
    /// <param name="before">Only epochs before this one.</param>
    Task<IReadOnlyList<EpochDescription>> List(string poolId, int limit, EpochNumber? before = null, CancellationToken cancellationToken = default);

    /// <summary>The newest epoch whose result is published, or null.</summary>
    Task<EpochDescription?> LastFinalized(string poolId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Open → closing with this end, and opens the next epoch from there. From then on nothing is added to the epoch any more.
    /// An epoch that is closing or closed already keeps its end; the answer tells it.
    /// </summary>
    Task<EpochDescription> BeginClosing(string poolId, EpochNumber number, DateTimeOffset end, CancellationToken cancellationToken = default);

    /// <summary>What was really received for the epoch, in ledger order.</summary>
    Task<IReadOnlyList<RevenueLine>> Revenue(string poolId, EpochNumber number, CancellationToken cancellationToken = default);

    /// <summary>
    /// Closing → finalized: publishes the bundle, posts fee, shares and carry-over and tells <c>epoch_finalized</c>, all in one
    /// transaction. Repeating it after it was done changes nothing.
    /// </summary>
    Task Finalize(string poolId, FinalizedEpoch epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the step if the epoch's life cycle allows it from where the epoch is; the answer says so, or why not. The last step tells
    /// <c>reward_distributed</c> in the same transaction.
    /// </summary>
    Task<Transition<EpochState>> Advance(string poolId, EpochNumber number, EpochCommand command, CancellationToken cancellationToken = default);

    /// <summary>Who is paid how much out of a finalized epoch, in the order of the Merkle tree.</summary>
    Task<IReadOnlyList<Payable>> Payables(string poolId, EpochNumber number, CancellationToken cancellationToken = default);

    /// <summary>What a participant's share was in each finalized epoch, newest first.</summary>
    Task<IReadOnlyList<ParticipantShare>> Shares(string poolId, TonAddress participant, CancellationToken cancellationToken = default);

    Task<PublishedBundle?> Bundle(string poolId, EpochNumber number, CancellationToken cancellationToken = default);
}

public sealed record FinalizedEpoch(
    EpochNumber Number,
    EpochResult Result,
    byte[] BundleJson,
    string BundleCsv,
    byte[] BundleHash,
    IReadOnlyList<Transfer> Transfers);

public sealed record PublishedBundle(byte[] Json, string Csv, byte[] Hash);

public sealed record ParticipantShare(EpochNumber Epoch, Nanotons Share, Nanotons ReferralBonus, Nanotons Payable);
