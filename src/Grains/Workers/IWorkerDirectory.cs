using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>A table of all workers beside their grains, for lists and for the uptime an epoch could have had. The grain writes it; on a difference the grain is right.</summary>
public interface IWorkerDirectory
{
    Task Save(string poolId, WorkerDescription worker, DateTimeOffset? activeSince, CancellationToken cancellationToken = default);

    /// <summary>All workers by id.</summary>
    Task<IReadOnlyList<WorkerDescription>> List(string poolId, CancellationToken cancellationToken = default);

    /// <summary>Per worker that was ever active: owner, GPUs, since when and, if it is deactivated, until when.</summary>
    Task<IReadOnlyList<ActiveWorker>> Active(string poolId, CancellationToken cancellationToken = default);
}

/// <param name="ActiveUntil">When it was deactivated: no uptime is expected of it from then on. Null while it may still serve.</param>
public sealed record ActiveWorker(
    WorkerId Id, Domain.Participants.TonAddress Participant, int Gpus, DateTimeOffset ActiveSince, DateTimeOffset? ActiveUntil = null);
