using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Grains.Workers;

/// <summary>
/// What the pool saw of a worker's tasks, kept until their receipts are durable. Bounded: of the oldest only the sum stays, and the sum
/// is what the grain hands to its next activation. So a worker that holds its receipts back until nobody remembers the tasks is
/// credited no more than was seen of all of them together. Requests write to it from their own threads, the worker's grain reads it.
/// </summary>
/// <param name="time">The pool's clock: when a task ended, whatever the worker's clock says.</param>
/// <param name="since">From when on this activation sees every task.</param>
/// <param name="handover">What the activation before left; null when it died without leaving anything, or there was none.</param>
public sealed class ObservedTasks(TimeProvider time, DateTimeOffset since = default, Handover? handover = null)
{
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, Seen> _tasks = [];
    private readonly Queue<TaskId> _order = new();
    private long _unclaimed = handover?.UnclaimedTokens ?? 0;
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
            {
                if (_tasks.Remove(_order.Dequeue(), out var oldest))
                    _unclaimed += oldest.Unclaimed;
            }
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
                seen.Add(item, time);
        }
    }

    /// <summary>The task is over; without an end from the worker it was the client who left.</summary>
    public void Finish(TaskId task)
    {
        lock (_lock)
        {
            _running--;
            if (_tasks.TryGetValue(task, out var seen))
                seen.End(seen.Outcome ?? TaskOutcome.ClientAborted, time);
        }
    }

    /// <summary>What was seen, if the task has ended on this silo.</summary>
    public Observation? Find(TaskId task)
    {
        lock (_lock)
            return _tasks.TryGetValue(task, out var seen) && seen.Outcome is { } outcome ? new(outcome, seen.CompletionTokens, EndedAt: seen.EndedAt) : null;
    }

    /// <summary>
    /// What there is to judge a receipt by: the task itself; else, where every task was seen once, what is left of the sum; else nothing.
    /// </summary>
    public Observation? Find(TaskId task, DateTimeOffset assignedAt)
    {
        lock (_lock)
            return Find(task) ?? (assignedAt >= since || assignedAt <= handover?.At ? new(TaskOutcome.Success, _unclaimed, IsOwn: false) : null);
    }

    /// <summary>Takes credited tokens from the sum; negative ones give them back.</summary>
    public void Claim(long tokens)
    {
        lock (_lock)
            _unclaimed -= tokens;
    }

    /// <summary>Whether the next activation would otherwise know less than this one.</summary>
    public bool MustBeHandedOver
    {
        get
        {
            lock (_lock)
                return _tasks.Count > 0 || _unclaimed != (handover?.UnclaimedTokens ?? 0);
        }
    }

    /// <summary>What the next activation has to know.</summary>
    public Handover HandOver(DateTimeOffset now)
    {
        lock (_lock)
            return new(now, _unclaimed + _tasks.Values.Sum(seen => seen.Unclaimed));
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

        public TaskOutcome? Outcome { get; private set; }

        public DateTimeOffset? EndedAt { get; private set; }

        /// <summary>What a receipt could still be credited.</summary>
        public long Unclaimed => Outcome == TaskOutcome.Success ? CompletionTokens : 0;

        /// <summary>What the worker said goes before what follows from its silence; the first moment is the end.</summary>
        public void End(TaskOutcome outcome, TimeProvider time)
        {
            Outcome = outcome;
            EndedAt ??= EpochCalendar.WholeMilliseconds(time.GetUtcNow());
        }

        public void Add(InferenceItem item, TimeProvider time)
        {
            // An answer in one piece says itself how many tokens it has; the client sees that figure too. It is believed up to the number
            // of bytes that came, which no tokenizer exceeds.
            CompletionTokens += stream || item.Data.Length == 0 ? item.Tokens : Math.Min(item.Tokens, item.Data.Length);
            if (item.End is { } end)
                End(OutcomeOf(end.Status), time);
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

/// <summary>What an activation of a worker leaves to the next one.</summary>
/// <param name="At">Every task that was assigned before this moment had been seen.</param>
/// <param name="UnclaimedTokens">Completion tokens seen of tasks whose receipts have not been recorded.</param>
[GenerateSerializer, Immutable, Alias("cocoon.Handover")]
public sealed record Handover([property: Id(0)] DateTimeOffset At, [property: Id(1)] long UnclaimedTokens);
