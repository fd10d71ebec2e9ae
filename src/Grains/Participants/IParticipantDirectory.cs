using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>
/// A table of all participants beside their grains, for lists and for the closing of an epoch. The grain writes it, after its own state;
/// on a difference the grain is right. So that a difference decides no money, the grain announces a change before it: whatever comes
/// between, the row is known to be behind until it is saved.
/// </summary>
public interface IParticipantDirectory
{
    /// <summary>Takes one of the pool's seats; true also when the participant has one already, false when all are taken.</summary>
    Task<bool> TakeSeat(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default);

    Task<int> Seats(string poolId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Notes who brought the participant, or answers why not (see <see cref="Domain.Epochs.Referral.RefusalOf"/>, or
    /// <c>referrer_already_named</c>). Naming the same one again is no mistake.
    /// </summary>
    Task<string?> NameReferrer(string poolId, TonAddress referee, TonAddress referrer, CancellationToken cancellationToken = default);

    /// <summary>What all the others bring: for judging how much of the pool one participant is.</summary>
    Task<(long Gpus, int Bringers)> Others(string poolId, TonAddress participant, CancellationToken cancellationToken = default);

    /// <summary>Says, durably, that the participant's state is about to become this revision: its row is behind until that one is saved.</summary>
    Task Announce(string poolId, TonAddress participant, long revision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes all but the reputation, which closings and slashes move where they are written. A row of a later revision stays: an
    /// activation that is over may still be heard of. The first row of a participant comes with the event <c>participant_registered</c>.
    /// </summary>
    Task Save(string poolId, ParticipantDescription participant, long revision, CancellationToken cancellationToken = default);

    /// <summary>The participants whose rows may be behind: changes that were announced and not saved. Whoever decides money asks their grains first.</summary>
    Task<IReadOnlyList<TonAddress>> Behind(string poolId, CancellationToken cancellationToken = default);

    /// <summary>All participants by ascending address.</summary>
    Task<IReadOnlyList<ParticipantDescription>> List(string poolId, CancellationToken cancellationToken = default);

    /// <summary>The reputations of those who have GPUs in the pool, 0 to 1000: what requests are shared out by.</summary>
    Task<IReadOnlyDictionary<TonAddress, int>> Reputations(string poolId, CancellationToken cancellationToken = default);

    Task<ParticipantDescription?> Find(string poolId, TonAddress address, CancellationToken cancellationToken = default);
}
