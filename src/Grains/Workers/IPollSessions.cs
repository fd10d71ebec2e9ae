using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>The sessions of polling workers on this silo, as their grains see them.</summary>
public interface IPollSessions
{
    /// <summary>
    /// The worker's session on this silo, opened when there is none; the worker was heard. Refused with a code of
    /// <see cref="PollRefusals"/> when the pool does not open one now. A grain that was activated anew finds the session that outlived it.
    /// </summary>
    Task<Outcome<IPollSession>> Session(WorkerId worker);
}

/// <summary>One session: the tasks that lie for the worker, and the way of its answers.</summary>
public interface IPollSession
{
    /// <summary>The next task, waiting for one at most this long; null when there is none, or the session is over. From here its lease runs.</summary>
    Task<PolledAssignment?> Fetch(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Passes the answer on, its pieces as fast as the client takes them. False when the task is not this worker's any more.</summary>
    Task<bool> Submit(PolledResult result, CancellationToken cancellationToken);

    /// <summary>How long until the next heartbeat; null when the session ended before this one was taken.</summary>
    Task<TimeSpan?> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken);
}
