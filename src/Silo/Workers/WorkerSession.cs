using System.Collections.Concurrent;
using System.Net.WebSockets;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// One worker's open stream: its tasks, and the way of every frame. Posting to it is safe from any thread; received frames
/// are handled one at a time by <see cref="Serve"/>.
/// </summary>
internal sealed partial class WorkerSession : IDisposable
{
    /// <summary>How long the other end may take to answer a close.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>Far more than any worker runs at once; a stream that reaches it never confirms the end of its tasks.</summary>
    private const int MaxTasks = 4096;

    private readonly ConcurrentDictionary<string, RunningTask> _tasks = new(StringComparer.Ordinal);
    private readonly IFrameChannel _socket;
    private readonly WorkerLinkOptions _options;
    private readonly CancellationTokenSource _linger;
    private readonly ILogger _logger;
    private int _ending;
    private volatile bool _leaving;
    private volatile bool _stopping;
    private string? _cause;
    private ObservedTasks? _lent;

    public WorkerSession(ProvenWorker worker, IFrameChannel socket, WorkerLinkOptions options, TimeProvider time, ILogger logger)
    {
        Worker = worker;
        _socket = socket;
        _options = options;
        _logger = logger;
        _linger = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Outbox = new LinkOutbox(socket, options.SendTimeout, time);
    }

    public ProvenWorker Worker { get; }

    public WorkerId Id => Worker.Id;

    public string StreamId { get; } = Guid.CreateVersion7().ToString("N");

    public bool IsOpen => Volatile.Read(ref _ending) == 0;

    public LinkOutbox Outbox { get; }

    /// <summary>Set while the worker's grain lets requests use the stream directly.</summary>
    public ObservedTasks? Lent
    {
        get => Volatile.Read(ref _lent);
        set => Volatile.Write(ref _lent, value);
    }

    /// <summary>Gives the task to the agent, or says why not.</summary>
    public InferenceEnd? TryAssign(InferenceTask task, out RunningTask running)
    {
        running = new RunningTask(task, _options.CreditWindow);
        if (task.Body.Length > LinkLimits.MaxServerFrameBytes - 4096)
            return WorkerEnds.TooLarge;
        if (_leaving)
            return WorkerEnds.Draining;
        if (_tasks.Count >= MaxTasks)
            return WorkerEnds.Congested;
        if (!_tasks.TryAdd(task.Id.Value, running))
            return WorkerEnds.Duplicate;
        var posted = Outbox.TryPost(new AssignFrame(
            task.Id.Value, task.Ticket, task.Route, task.Model, task.Stream, new RawJson(task.Body), _options.CreditWindow, task.Traceparent));
        if (posted && IsOpen)
            return null;
        _tasks.TryRemove(task.Id.Value, out _);
        return IsOpen ? WorkerEnds.Congested : WorkerEnds.Lost;
    }

    /// <summary>The reader took a piece; credits go back to the agent by half windows.</summary>
    public void Consumed(RunningTask task)
    {
        if (task.Consumed() is > 0 and var credits)
            Post(new CreditFrame(task.Task.Id.Value, credits));
    }

    /// <summary>Nobody waits for this task any more. It stays in the table until the agent confirms, so that its last words are no mistake.</summary>
    public void Abandon(RunningTask task, string reason)
    {
        if (task.Abandon())
            Post(new CancelFrame(task.Task.Id.Value, reason));
    }

    public void RequestDrain() => Post(new DrainFrame());

    /// <summary>Takes no new task, and ends when the last one has ended or the grace is over.</summary>
    public void Stop()
    {
        _leaving = true;
        _stopping = true;
        if (_tasks.IsEmpty)
            End(LinkErrors.GoingAway, "This server is stopping; connect again.", WebSocketCloseStatus.EndpointUnavailable);
    }

    /// <summary>Closes the stream with an error frame. The first call counts.</summary>
    public void End(string code, string message, WebSocketCloseStatus status = WebSocketCloseStatus.PolicyViolation)
    {
        if (!Close(code))
            return;
        Outbox.Finish(new ErrorFrame(code, message, Fatal: true), status, code);
    }

    /// <summary>Receives until the stream ends. Answers why it ended; every task that still ran has then ended as lost.</summary>
    public async Task<string> Serve(StreamTerms terms, CancellationToken aborted)
    {
        var receipts = new ReceiptDesk(Worker.Grain, Id.Value, Outbox, _logger);
        var reports = new ReportDesk(Worker.Grain, Id.Value, StreamId, terms, Outbox, _logger);
        var loops = Task.WhenAll(
            Outbox.Run(Welcome(terms), NotJson), receipts.Run(), reports.Run((code, message) => End(code, message)));
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _linger.Token);
            return await Pump(receipts, reports, either.Token);
        }
        finally
        {
            Close("ended");
            LoseTasks();
            receipts.Finish();
            reports.Finish();
            Outbox.Finish(null, WebSocketCloseStatus.NormalClosure, "");
            await loops;
        }
    }

    /// <summary>Ends every task that still runs as lost; clients learn it now and not when the connection is finally gone.</summary>
    public void LoseTasks()
    {
        foreach (var task in _tasks.Values)
            task.End(WorkerEnds.Lost);
    }

    public void Dispose() => _linger.Dispose();

    private WelcomeFrame Welcome(StreamTerms terms)
    {
        var multipliers = _options.Multipliers;
        return new(
            StreamId,
            (int)terms.HeartbeatInterval.TotalMilliseconds,
            terms.TargetLatencyMilliseconds,
            new MultiplierPart(multipliers.Prompt, multipliers.Cached, multipliers.Completion, multipliers.Reasoning),
            LinkLimits.MaxBatch);
    }

    private void Post(ServerFrame frame)
    {
        if (!Outbox.TryPost(frame) && IsOpen)
            End(LinkErrors.NotReading, "The agent does not read what the pool sends.");
    }

    private bool Close(string cause)
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
            return false;
        _cause = cause;
        LoseTasks();
        _linger.CancelAfter(Linger);
        return true;
    }

    private void NotJson(AssignFrame frame)
    {
        if (_tasks.TryRemove(frame.Task, out var task))
            task.End(WorkerEnds.NotJson);
    }
}
