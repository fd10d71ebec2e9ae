using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>How long the pool waits for a worker that polls.</summary>
/// <param name="Fetch">How long a task may lie before the worker fetches it; then it goes elsewhere, and nobody is at fault.</param>
/// <param name="Lease">How long a fetched task may take; then it goes elsewhere, and the worker is at fault.</param>
/// <param name="Silence">How long the worker may ask for nothing before its session ends.</param>
public sealed record PollTimes(TimeSpan Fetch, TimeSpan Lease, TimeSpan Silence)
{
    public static readonly PollTimes Default = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
}

/// <summary>
/// The worker's stream as its polling requests carry it: what the session sends waits here to be fetched, and what the requests bring
/// is received as frames. So a polling worker goes through the same session, with the same rules, as one that holds a stream.
/// </summary>
internal sealed class PollChannel : IFrameChannel, IPollSession
{
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(64) { SingleReader = true });
    private readonly Channel<PolledTask> _offered = Channel.CreateUnbounded<PolledTask>();
    private readonly ConcurrentDictionary<string, PolledTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<int>> _beats = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly PollTimes _times;
    private readonly TimeProvider _time;
    private readonly ITimer _silence;
    private long _beat;
    private string? _refusal;

    public PollChannel(PollTimes times, TimeProvider time)
    {
        (_times, _time) = (times, time);
        _silence = time.CreateTimer(_ => Abort(), null, times.Silence, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Set when the pool has welcomed the worker: true; or when it has not, or the session is over: false.</summary>
    public TaskCompletionSource<bool> Welcomed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => !_ended.IsCancellationRequested;

    /// <summary>Why the pool ended the session, as the code of its error frame.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>The worker was heard.</summary>
    public void Heard() => _silence.Change(_times.Silence, Timeout.InfiniteTimeSpan);

    public async Task<PolledAssignment?> Fetch(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ended.Token, cancellationToken);
        try
        {
            while (true)
            {
                // A worker that hung up takes nothing: it could not hand it in, and would be at fault.
                cancellationToken.ThrowIfCancellationRequested();
                while (_offered.Reader.TryRead(out var task))
                {
                    // One that went elsewhere meanwhile is not given out.
                    if (_tasks.ContainsKey(task.Assignment.Task) && task.TryFetch(_times.Lease))
                        return PolledFrames.Assignment(task.Assignment);
                }
                await _offered.Reader.WaitToReadAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async Task<bool> Submit(PolledResult result, CancellationToken cancellationToken)
    {
        var task = result.Task;
        if (!_tasks.TryGetValue(task, out var known) || !known.TrySubmit())
            return false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, known.Over, cancellationToken);
        try
        {
            for (var piece = 0; piece < result.Chunks.Length; piece++)
            {
                await known.Credits.WaitAsync(over.Token);
                await Say(PolledFrames.Piece(result, piece), over.Token);
            }
            if (!Forget(task))
                return false;
            await Say(PolledFrames.End(result), CancellationToken.None);
            return true;
        }
        catch (OperationCanceledException)
        {
            // Half an answer must not look like a whole one: the session learns that this one ends here.
            Fail(task, 502, "worker_failed", "The answer was not handed in whole.");
            return false;
        }
    }

    public async Task<TimeSpan?> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken)
    {
        var sequence = Interlocked.Increment(ref _beat);
        var answer = _beats[sequence] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, cancellationToken);
        try
        {
            await Say(new HeartbeatFrame(sequence, runningTasks, gpuUtilizationPercent, _time.GetUtcNow()), either.Token);
            return TimeSpan.FromMilliseconds(await answer.Task.WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _beats.TryRemove(sequence, out _);
        }
    }

    public async ValueTask<FrameRead> Receive(CancellationToken cancellationToken)
    {
        if (!await _incoming.Reader.WaitToReadAsync(cancellationToken) || !_incoming.Reader.TryRead(out var frame))
            return new(FrameReadKind.Closed, default, "the worker stopped polling");
        return new(FrameReadKind.Text, frame, "");
    }

    public ValueTask Send(ServerFrame frame, CancellationToken cancellationToken)
    {
        switch (frame)
        {
            case WelcomeFrame:
                Welcomed.TrySetResult(true);
                break;
            case AssignFrame assignment:
                // As the writer of a WebSocket would: a body that is not JSON ends here, and the client is told.
                JsonDocument.Parse(assignment.Body.Utf8).Dispose();
                var task = new PolledTask(assignment, _time, () => Fail(assignment.Task, 504, "lease_expired", "The worker did not hand the task in in time."));
                _tasks[assignment.Task] = task;
                task.Wait(_times.Fetch, () => Fail(assignment.Task, 503, "worker_not_polling", "The worker did not fetch the task in time."));
                _offered.Writer.TryWrite(task);
                break;
            case CreditFrame credit when _tasks.TryGetValue(credit.Task, out var running):
                running.Credits.Release(credit.N);
                break;
            case CancelFrame cancel:
                Fail(cancel.Task, 499, "client_aborted", "The client left.");
                break;
            case HeartbeatAckFrame beat when _beats.TryGetValue(beat.Seq, out var answer):
                answer.TrySetResult(beat.NextMs);
                break;
            case ErrorFrame { Fatal: true } error:
                Volatile.Write(ref _refusal, error.Code);
                break;
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask Send(AgentFrame frame, CancellationToken cancellationToken) => throw new NotSupportedException("The pool says the pool's frames.");

    public Task CloseOutput(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        Abort();
        return Task.CompletedTask;
    }

    public void Abort()
    {
        _incoming.Writer.TryComplete();
        _ended.Cancel();
        Welcomed.TrySetResult(false);
        _silence.Dispose();
        foreach (var task in _tasks.Keys)
            Forget(task);
    }

    /// <summary>Nothing else to let go of while late requests may still look at it.</summary>
    public void Dispose() => Abort();

    private void Fail(string task, int status, string code, string message)
    {
        // Not awaited: timers and the session itself end tasks here, and neither may wait for the session to read.
        if (Forget(task) && !_incoming.Writer.TryWrite(Text(new FailedFrame(task, status, code, message))))
            Abort();
    }

    private bool Forget(string task)
    {
        if (!_tasks.TryRemove(task, out var known))
            return false;
        known.Dispose();
        return true;
    }

    private async Task Say(AgentFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            await _incoming.Writer.WriteAsync(Text(frame), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException(_ended.Token);
        }
    }

    private static byte[] Text(AgentFrame frame)
    {
        var text = new ArrayBufferWriter<byte>(256);
        FrameJson.Write(text, frame);
        return text.WrittenSpan.ToArray();
    }
}
