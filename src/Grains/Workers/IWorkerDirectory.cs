using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>A table of all workers beside their grains, for lists and for the uptime an epoch could have had. The grain writes it; on a difference the grain is right.</summary>
public interface IWorkerDirectory
{
    /// <summary>Says, durably, that a change which epochs ask for is about to be made: the row is behind until this revision is saved.</summary>
    Task Announce(string poolId, WorkerId worker, long revision, CancellationToken cancellationToken = default);

    /// <summary>Writes the row, unless it has a later revision: an activation that is over may still be heard of.</summary>
    Task Save(string poolId, WorkerDescription worker, DateTimeOffset? activeSince, long revision, CancellationToken cancellationToken = default);

    /// <summary>The workers whose rows may be behind: changes that were announced and not saved.</summary>
    Task<IReadOnlyList<WorkerId>> Behind(string poolId, CancellationToken cancellationToken = default);

    /// <summary>All workers by id.</summary>
    Task<IReadOnlyList<WorkerDescription>> List(string poolId, CancellationToken cancellationToken = default);

    /// <summary>Per worker that was ever active: owner, GPUs, since when and, if it is deactivated, until when.</summary>
    Task<IReadOnlyList<ActiveWorker>> Active(string poolId, CancellationToken cancellationToken = default);
}

/// <param name="ActiveUntil">When it was deactivated: no uptime is expected of it from then on. Null while it may still serve.</param>
public sealed record ActiveWorker(
    WorkerId Id, Domain.Participants.TonAddress Participant, int Gpus, DateTimeOffset ActiveSince, DateTimeOffset? ActiveUntil = null);
