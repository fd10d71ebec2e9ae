namespace CocoonPool.Engine.Local;

/// <summary>
/// Runs the tasks of one owner one at a time and in order. An await inside such a task captures this scheduler, so
/// its continuation becomes a later turn of the same owner; that is all that "single-threaded" means here.
/// </summary>
internal sealed class TurnScheduler(ITurnPool pool, Receiver owner) : TaskScheduler, IThreadPoolWorkItem
{
    private readonly Queue<Task> _turns = new();
    private bool _scheduled;
    private bool _ended;

    public override int MaximumConcurrencyLevel => 1;

    public Receiver Owner { get; } = owner;

    /// <summary>Runs <paramref name="action"/> as a turn of the owner, outside any request's context.</summary>
    public void Post(Action<object?> action, object? state)
    {
        var turn = WithoutFlow(action, state);
        turn.Start(this);
    }

    /// <summary>Drops every turn that has not begun, and all that will be posted: to their owner it is as if the machine had died.</summary>
    public void End()
    {
        lock (_turns)
        {
            _ended = true;
            _turns.Clear();
        }
    }

    public void Execute()
    {
        for (var i = 0; i < pool.TurnsInARow; i++)
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
            if (_ended) return;
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
