using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Turns on one thread, in an order drawn from a seed: the same seed, the same order, the same run. Everything that takes
/// part must be in memory and follow one <see cref="TimeProvider"/>; work that finishes on other threads escapes the order:
/// input and output, <see cref="Task.Run(Action)"/>, <c>ConfigureAwait(false)</c>, the cancellation of channel operations.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "The point is to repeat it.")]
public sealed class SeededTurnPool(int seed) : ITurnPool
{
    private readonly Random _random = new(seed);
    private readonly List<IThreadPoolWorkItem> _ready = [];

    public void Schedule(IThreadPoolWorkItem turns)
    {
        lock (_ready) _ready.Add(turns);
    }

    /// <summary>
    /// Runs <paramref name="scenario"/> and every turn it causes to its end, on this thread. Whenever nothing is ready,
    /// <paramref name="moveTime"/> moves the clock to the next timer, and says false when none is set.
    /// </summary>
    /// <exception cref="InvalidOperationException">The scenario waits for something that nobody will do.</exception>
    public void Run(Func<Task> scenario, Func<bool> moveTime)
    {
        var outside = SynchronizationContext.Current;
        var own = new ScenarioContext(this);
        try
        {
            SynchronizationContext.SetSynchronizationContext(own);
            var running = scenario();
            while (true)
            {
                RunReady();
                if (running.IsCompleted) break;
                if (!moveTime()) throw new InvalidOperationException("The scenario waits, but nothing is ready and no timer is set.");
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }

        // Turns must see no context of their own, or their awaits would leave the scheduler of their grain.
        void RunReady()
        {
            SynchronizationContext.SetSynchronizationContext(null);
            while (Draw() is { } turns) turns.Execute();
            SynchronizationContext.SetSynchronizationContext(own);
        }
    }

    private IThreadPoolWorkItem? Draw()
    {
        lock (_ready)
        {
            if (_ready.Count == 0) return null;
            var at = _random.Next(_ready.Count);
            var drawn = _ready[at];
            _ready.RemoveAt(at);
            return drawn;
        }
    }

    // Brings the scenario's own continuations into the same order.
    private sealed class ScenarioContext(SeededTurnPool pool) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => pool.Schedule(new Continuation(this, d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Continuation(SynchronizationContext context, SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            SynchronizationContext.SetSynchronizationContext(context);
            callback(state);
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }
}
