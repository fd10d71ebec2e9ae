using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>One task that lies for a polling worker: offered, then fetched under a lease, then handed in, each step once.</summary>
internal sealed class PolledTask(AssignFrame assignment, TimeProvider time, Action leaseExpired) : IDisposable
{
    private enum Step
    {
        Offered = 0,
        Fetched = 1,
        Submitted = 2,
        Over = 3,
    }

    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private Step _step;

    public AssignFrame Assignment { get; } = assignment;

    /// <summary>Pieces that may be passed on now.</summary>
    public SemaphoreSlim Credits { get; } = new(assignment.Credits);

    /// <summary>The task is over, whichever way.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Starts the time in which the task must be fetched.</summary>
    public void Wait(TimeSpan limit, Action expired)
    {
        lock (_lock)
            _timer = time.CreateTimer(_ => Expire(Step.Offered, expired), null, limit, Timeout.InfiniteTimeSpan);
    }

    public bool TryFetch(TimeSpan lease)
    {
        lock (_lock)
        {
            if (_step != Step.Offered)
                return false;
            _step = Step.Fetched;
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => Expire(Step.Fetched, leaseExpired), null, lease, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>True for the first answer to a fetched task; from then on its client's own pace counts and no lease.</summary>
    public bool TrySubmit()
    {
        lock (_lock)
        {
            if (_step != Step.Fetched)
                return false;
            _step = Step.Submitted;
            _timer?.Dispose();
            return true;
        }
    }

    /// <summary>Ends the task. Nothing is let go of: a late request may still look at it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _step = Step.Over;
            _timer?.Dispose();
        }
        _over.Cancel();
    }

    private void Expire(Step step, Action expired)
    {
        lock (_lock)
        {
            // The task went on while the timer was already on its way.
            if (_step != step)
                return;
            _step = Step.Over;
        }
        expired();
    }
}
