using CocoonPool.Domain.Contributions;

namespace CocoonPool.Grains.Workers;

/// <summary>
/// What this silo saw of a worker's tasks, kept until their receipts are durable. Bounded: the oldest go first. Requests write to it
/// from their own threads, the worker's grain reads it.
/// </summary>
public sealed class ObservedTasks
{
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, Seen> _tasks = [];
    private readonly Queue<TaskId> _order = new();
    private int _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Passes a task's items on and remembers what they say of it, until it ends or its reader leaves.</summary>
    public async IAsyncEnumerable<InferenceItem> Watch(InferenceTask task, IAsyncEnumerable<InferenceItem> items)
    {
        Begin(task);
        try
        {
            await foreach (var item in items)
            {
                See(task.Id, item);
                yield return item;
            }
        }
        finally
        {
            Finish(task.Id);
        }
    }

    /// <summary>Starts watching a task.</summary>
    public void Begin(InferenceTask task)
    {
        lock (_lock)
        {
            while (_order.Count >= Capacity)
                _tasks.Remove(_order.Dequeue());
            _tasks[task.Id] = new(task.Stream);
            _order.Enqueue(task.Id);
            _running++;
        }
    }

    public void See(TaskId task, InferenceItem item)
    {
        lock (_lock)
        {
            if (_tasks.TryGetValue(task, out var seen))
                seen.Add(item);
        }
    }

    /// <summary>The task is over; without an end from the worker it was the client who left.</summary>
    public void Finish(TaskId task)
    {
        lock (_lock)
        {
            _running--;
            if (_tasks.TryGetValue(task, out var seen))
                seen.Outcome ??= TaskOutcome.ClientAborted;
        }
    }

    /// <summary>What was seen, if the task has ended on this silo.</summary>
    public Observation? Find(TaskId task)
    {
        lock (_lock)
            return _tasks.TryGetValue(task, out var seen) && seen.Outcome is { } outcome ? new(outcome, seen.CompletionTokens) : null;
    }

    public bool IsRunning(TaskId task)
    {
        lock (_lock)
            return _tasks.TryGetValue(task, out var seen) && seen.Outcome is null;
    }

    public void Forget(TaskId task)
    {
        lock (_lock)
            _tasks.Remove(task);
    }

    private sealed class Seen(bool stream)
    {
        public long CompletionTokens { get; private set; }

        public TaskOutcome? Outcome { get; set; }

        public void Add(InferenceItem item)
        {
            // An answer in one piece says itself how many tokens it has; the client sees that figure too. It is believed up to the number
            // of bytes that came, which no tokenizer exceeds.
            CompletionTokens += stream || item.Data.Length == 0 ? item.Tokens : Math.Min(item.Tokens, item.Data.Length);
            if (item.End is { } end)
                Outcome = OutcomeOf(end.Status);
        }
    }

    /// <summary>The outcome that an end's status stands for.</summary>
    public static TaskOutcome OutcomeOf(int status) => status switch
    {
        200 => TaskOutcome.Success,
        499 => TaskOutcome.ClientAborted,
        429 or 503 => TaskOutcome.BackPressure,
        >= 400 and < 500 => TaskOutcome.ClientError,
        _ => TaskOutcome.WorkerFault,
    };
}
