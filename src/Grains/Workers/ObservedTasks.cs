using System.Text.Json;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Grains.Workers;

/// <summary>What this silo saw of a worker's tasks, kept until their receipts are durable. Bounded: the oldest go first.</summary>
public sealed class ObservedTasks
{
    private const int Capacity = 20_000;

    private readonly Dictionary<TaskId, Seen> _tasks = [];
    private readonly Queue<TaskId> _order = new();

    public int Running { get; private set; }

    /// <summary>Starts watching a task.</summary>
    public void Begin(InferenceTask task)
    {
        while (_order.Count >= Capacity)
            _tasks.Remove(_order.Dequeue());
        _tasks[task.Id] = new(task.Stream);
        _order.Enqueue(task.Id);
        Running++;
    }

    public void See(TaskId task, InferenceItem item)
    {
        if (_tasks.TryGetValue(task, out var seen))
            seen.Add(item);
    }

    /// <summary>The task is over; without an end from the worker it was the client who left.</summary>
    public void Finish(TaskId task)
    {
        Running--;
        if (_tasks.TryGetValue(task, out var seen))
            seen.Outcome ??= TaskOutcome.ClientAborted;
    }

    /// <summary>What was seen, if the task has ended on this silo.</summary>
    public Observation? Find(TaskId task) =>
        _tasks.TryGetValue(task, out var seen) && seen.Outcome is { } outcome ? new(outcome, seen.CompletionTokens) : null;

    public bool IsRunning(TaskId task) => _tasks.TryGetValue(task, out var seen) && seen.Outcome is null;

    public void Forget(TaskId task) => _tasks.Remove(task);

    private sealed class Seen(bool stream)
    {
        public long CompletionTokens { get; private set; }

        public TaskOutcome? Outcome { get; set; }

        public void Add(InferenceItem item)
        {
            CompletionTokens += stream || item.Data.Length == 0 ? item.Tokens : WholeAnswerTokens(item.Data);
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

    /// <summary>
    /// An answer in one piece says itself how many tokens it has; the client sees that figure too. It is believed up to the number
    /// of bytes that came, which no tokenizer exceeds.
    /// </summary>
    private static long WholeAnswerTokens(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.TryGetProperty("usage", out var usage)
                && usage.TryGetProperty("completion_tokens", out var tokens) && tokens.TryGetInt64(out var count)
                ? Math.Clamp(count, 0, answer.Length)
                : 0;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }
}
