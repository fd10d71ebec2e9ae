using System.Runtime.CompilerServices;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Silo.Routing;

/// <summary>
/// The way of a task to its worker: straight into the worker's stream where this silo holds it and the grain has lent it, otherwise by a
/// call of the grain, which lives where the stream is. The first spares two hand-overs for every piece of an answer.
/// </summary>
public sealed class WorkerCalls(IWorkerLinks links, IGrainFactory grains, PoolSettings settings)
{
    /// <inheritdoc cref="IWorkerGrain.Execute"/>
    public IAsyncEnumerable<InferenceItem> Execute(WorkerId worker, InferenceTask task, CancellationToken cancellationToken) =>
        links.Lent(worker) is { } observed ? Direct(worker, task, observed, cancellationToken) : Grain(worker).Execute(task, cancellationToken);

    private async IAsyncEnumerable<InferenceItem> Direct(
        WorkerId worker, InferenceTask task, ObservedTasks observed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in observed.Watch(task, links.Run(worker, task, cancellationToken)))
                yield return item;
        }
        finally
        {
            // No longer lent: the grain may be waiting for the last task to end.
            if (observed.Running == 0 && links.Lent(worker) is null)
                await Grain(worker).TasksEnded();
        }
    }

    private IWorkerGrain Grain(WorkerId worker) => grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(settings.Id, worker));
}
