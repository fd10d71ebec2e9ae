using System.Collections.Concurrent;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Receipts;
using CocoonPool.Client.Agent.Tracing;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Tasks;

/// <summary>The tasks of one stream. Owns their work: <see cref="Idle"/> completes when none runs any more.</summary>
internal sealed partial class TaskTable(
    IReadOnlyDictionary<string, HostedModel> models,
    TaskTerms terms,
    ReceiptOffice receipts,
    AgentStatus status,
    LinkOutbox outbox,
    TimeProvider time,
    ILogger<TaskTable> logger)
{
    private readonly ConcurrentDictionary<string, (TaskRun Run, TaskCompletionSource Over)> _running = new(StringComparer.Ordinal);
    private volatile bool _leaving;

    public int Count => _running.Count;

    public void Assign(AssignFrame frame)
    {
        if (!TaskId.TryParse(frame.Task, out var id) || _running.ContainsKey(frame.Task))
        {
            status.Mistake($"the pool assigned task '{frame.Task}', which is running or has no valid id");
            return;
        }
        var run = new TaskRun(frame, outbox);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[frame.Task] = (run, over);
        // Up to the back end's socket in this thread: handing the task to another one would take longer than that.
        _ = Work(id, run, over);
    }

    public void AddCredits(CreditFrame frame)
    {
        if (_running.TryGetValue(frame.Task, out var entry))
            entry.Run.AddCredits(frame.N);
    }

    public void Cancel(CancelFrame frame)
    {
        if (_running.TryGetValue(frame.Task, out var entry))
            entry.Run.Cancel();
    }

    /// <summary>From now on every assignment is answered with 503.</summary>
    public void Leave() => _leaving = true;

    /// <summary>Stops every task; their receipts are still written.</summary>
    public void Abandon()
    {
        foreach (var (run, _) in _running.Values)
            run.Abandon();
    }

    public Task Idle() => Task.WhenAll(_running.Values.Select(entry => entry.Over.Task));

    /// <summary>Owned by the table: whoever waits for <see cref="Idle"/> hears how it ended.</summary>
    private async Task Work(TaskId id, TaskRun run, TaskCompletionSource over)
    {
        try
        {
            await Work(id, run);
            over.SetResult();
        }
        catch (Exception bug)
        {
            over.SetException(bug);
        }
    }

    private async Task Work(TaskId id, TaskRun run)
    {
        var meter = new TaskMeter(time);
        var assignment = run.Assignment;
        using var span = TaskTracing.Task(assignment);
        try
        {
            var end = await Serve(run, meter);
            span?.SetTag("status", end.Status);
            status.TaskEnded(TaskOutcomes.Of(end.Status));
            if (end.Status >= 500 && end.Status != 503)
                LogFailed(id.Value, assignment.Model, end.Code ?? "", end.Message);
            receipts.Issue(meter.Receipt(id, assignment.Model, terms, end), assignment.Ticket);
        }
        finally
        {
            _running.TryRemove(id.Value, out _);
            run.Dispose();
        }
    }

    private async Task<BackendEnd> Serve(TaskRun run, TaskMeter meter)
    {
        if (!models.TryGetValue(run.Assignment.Model, out var model))
            return await Refuse(run, new BackendEnd(503, "model_not_served", "This worker does not serve the model."));
        if (_leaving)
            return await Refuse(run, new BackendEnd(503, "worker_draining", "This worker is leaving."));
        if (!model.TryEnter())
            return await Refuse(run, new BackendEnd(429, "worker_busy", "This worker runs as many requests as it may."));
        try
        {
            return await run.Run(model.Backend, meter);
        }
        finally
        {
            model.Leave();
        }
    }

    private async Task<BackendEnd> Refuse(TaskRun run, BackendEnd end)
    {
        await outbox.Send(new FailedFrame(run.Assignment.Task, end.Status, end.Code!, end.Message));
        return end;
    }
}
