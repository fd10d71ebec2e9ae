using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Tests.Host;

/// <summary>One silo's sessions of polling workers, each of which waits for its tasks for ever. The real sessions are tested end to end.</summary>
internal sealed class PollModel : IPollSessions, IPollSession
{
    private readonly Lock _lock = new();
    private readonly HashSet<WorkerId> _opened = [];
    private readonly TaskCompletionSource _held = new();
    private readonly TaskCompletionSource _hungUp = new();

    public int Sessions
    {
        get
        {
            lock (_lock)
                return _opened.Count;
        }
    }

    /// <summary>A request for a task waits here.</summary>
    public Task Held => _held.Task;

    /// <summary>A request that waited was given up.</summary>
    public Task HungUp => _hungUp.Task;

    /// <summary>The silo is about to stop.</summary>
    public bool Stopping { get; set; }

    public Task<Outcome<IPollSession>> Session(WorkerId worker)
    {
        if (Stopping)
            return Task.FromResult(Outcome<IPollSession>.Refused(PollRefusals.Stopping, ""));
        lock (_lock)
            _opened.Add(worker);
        return Task.FromResult(Outcome<IPollSession>.Done(this));
    }

    public async Task<PolledAssignment?> Fetch(TimeSpan wait, CancellationToken cancellationToken)
    {
        _held.TrySetResult();
        try
        {
            if (wait > TimeSpan.Zero)
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _hungUp.TrySetResult();
            throw;
        }
        return null;
    }

    public Task<bool> Submit(PolledResult result, CancellationToken cancellationToken) => Task.FromResult(result.Task == "task-1");

    public Task<TimeSpan?> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken) =>
        Task.FromResult<TimeSpan?>(TimeSpan.FromSeconds(30));
}
