namespace CocoonPool.Engine.Local;

/// <summary>
/// Runs the tasks of one owner one at a time and in order. An await inside such a task captures this scheduler, so
/// its continuation becomes a later turn of the same owner; that is all that "single-threaded" means here.
/// </summary>
internal sealed class TurnScheduler(ITurnPool pool, Receiver owner) : TaskScheduler, IThreadPoolWorkItem
{
    // After this many turns in a row the owner goes to the back of the pool's queue, so that a busy one starves nobody.
    private const int TurnsPerRun = 64;

    private readonly Queue<Task> _turns = new();
    private bool _scheduled;

    public override int MaximumConcurrencyLevel => 1;

    public Receiver Owner { get; } = owner;

    /// <summary>Runs <paramref name="action"/> as a turn of the owner, outside any request's context.</summary>
    public void Post(Action<object?> action, object? state)
    {
        var turn = WithoutFlow(action, state);
        turn.Start(this);
    }

    public void Execute()
    {
        for (var i = 0; i < TurnsPerRun; i++)
        {
            Task? turn;
            lock (_turns)
            {
                if (!_turns.TryDequeue(out turn))
                {
                    _scheduled = false;
                    return;
                }
            }

            TryExecuteTask(turn);
        }

        pool.Schedule(this);
    }

    protected override void QueueTask(Task task)
    {
        lock (_turns)
        {
            _turns.Enqueue(task);
            if (_scheduled) return;
            _scheduled = true;
        }

        pool.Schedule(this);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_turns) return [.. _turns];
    }

    // The poster's async locals must not leak into the owner: what should travel, travels in the call.
    private static Task WithoutFlow(Action<object?> action, object? state)
    {
        if (ExecutionContext.IsFlowSuppressed()) return new Task(action, state, TaskCreationOptions.DenyChildAttach);
        using (ExecutionContext.SuppressFlow()) return new Task(action, state, TaskCreationOptions.DenyChildAttach);
    }
}
