using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>The workers' open streams on this silo, as the worker grain sees them.</summary>
public interface IWorkerLinks
{
    /// <summary>Is this very stream of this worker open on this silo?</summary>
    bool IsOpen(WorkerId worker, string streamId);

    /// <summary>The worker's open stream on this silo, or null: how a grain that was activated anew finds the stream that outlived it.</summary>
    string? Current(WorkerId worker) => null;

    /// <summary>
    /// Hands a task to the worker's stream and yields what comes back, ending with one item that has an End. A stream that is
    /// not open or breaks yields an end with status 502 and the code <c>worker_lost</c>; nothing is ever silently cut off.
    /// Leaving the enumeration before its end, or cancelling it, cancels the task at the worker.
    /// </summary>
    IAsyncEnumerable<InferenceItem> Run(WorkerId worker, InferenceTask task, CancellationToken cancellationToken);

    /// <summary>
    /// Lends the worker's stream to the requests of this silo: they may use it without a call of the grain, and report to what is given
    /// here. Null takes it back; a stream that was just opened is not lent.
    /// </summary>
    void Lend(WorkerId worker, ObservedTasks? observed)
    {
    }

    /// <summary>Where requests that use the stream directly report to; null when it is not open here, or not lent.</summary>
    ObservedTasks? Lent(WorkerId worker) => null;

    /// <summary>Asks the worker to finish what runs and to take no more.</summary>
    void RequestDrain(WorkerId worker);
}
