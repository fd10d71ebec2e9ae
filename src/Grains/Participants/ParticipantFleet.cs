using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Participants;

/// <summary>All workers of one participant.</summary>
public static class ParticipantFleet
{
    /// <summary>
    /// Gives the workers no new tasks: somebody who is suspended would work for nothing. Not done by the participant's grain itself: a
    /// worker that is being activated asks that grain, and each would wait for the other.
    /// </summary>
    public static async Task Drain(IGrainFactory grains, IWorkerDirectory workers, string poolId, TonAddress participant, string cause)
    {
        foreach (var worker in await workers.List(poolId))
        {
            if (worker.Registration.Participant == participant && worker.State is WorkerState.Active or WorkerState.Degraded or WorkerState.Inactive)
                await grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(poolId, worker.Id)).Drain(cause);
        }
    }
}
