using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>A table of all participants beside their grains, for lists and for the closing of an epoch. The grain writes it; on a difference the grain is right.</summary>
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

    /// <summary>Writes all but the reputation, which closings and slashes move where they are written.</summary>
    Task Save(string poolId, ParticipantDescription participant, CancellationToken cancellationToken = default);

    /// <summary>All participants by ascending address.</summary>
    Task<IReadOnlyList<ParticipantDescription>> List(string poolId, CancellationToken cancellationToken = default);

    Task<ParticipantDescription?> Find(string poolId, TonAddress address, CancellationToken cancellationToken = default);
}
