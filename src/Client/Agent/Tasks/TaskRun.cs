using System.Text.Json;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Tracing;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Tasks;

/// <summary>
/// One assigned task from its start to its last frame. A credit is taken before the back end is asked for the next piece:
/// without credit nothing is read, the back end's own flow control fills up, and a slow client slows the GPU and not the
/// memory. Pieces that are there at once travel in one frame.
/// </summary>
internal sealed class TaskRun(AssignFrame assignment, LinkOutbox outbox) : IDisposable
{
    /// <summary>A frame of pieces is sent at this size, although more may be at hand.</summary>
    private const int FullFrameBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _credits = new(Math.Clamp(assignment.Credits, 0, 1_000_000));
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TokenChunk> _batch = [];
    private int _batchBytes;
    private volatile bool _cancelled;
    private bool _over;

    public AssignFrame Assignment { get; } = assignment;

    public void AddCredits(int credits)
    {
        lock (_lock)
        {
            if (!_over && credits is > 0 and <= 1_000_000)
                _credits.Release(credits);
        }
    }

    /// <summary>The pool wants no more of it.</summary>
    public void Cancel()
    {
        _cancelled = true;
        Abandon();
    }

    /// <summary>The stream is gone, or the agent has to leave now.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (!_over)
                _stop.Cancel();
        }
    }

    /// <summary>Runs the task at the back end and sends pieces and end. Answers the end for the receipt.</summary>
    public async Task<BackendEnd> Run(IInferenceBackend backend, TaskMeter meter)
    {
        BackendEnd end;
        byte[]? answer = null;
        try
        {
            (end, answer) = await Serve(backend, meter);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            end = _cancelled
                ? new BackendEnd(TaskOutcomes.Cancelled, "cancelled", "The pool cancelled the task.")
                : new BackendEnd(502, "link_lost", "The stream to the pool broke while the task ran.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug in a back end must cost one task, never the agent.
            end = BackendEnd.Fault("agent_error", exception.GetType().Name);
        }
        if (TooLarge(answer))
            (end, answer) = (BackendEnd.Fault("answer_too_large", "The answer is larger than a frame may be."), null);
        await outbox.Send(EndFrame(end, answer));
        return end;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // Credits and cancels may still arrive for a task that has just ended.
            _over = true;
            _stop.Dispose();
            _credits.Dispose();
        }
    }

    private async Task<(BackendEnd End, byte[]? Answer)> Serve(IInferenceBackend backend, TaskMeter meter)
    {
        byte[]? answer = null;
        using var call = TaskTracing.Backend();
        var request = new BackendRequest(Assignment.Task, Assignment.Route, Assignment.Stream, Assignment.Body.Utf8, call?.Id ?? Assignment.Traceparent);
        await using var events = backend.Run(request, _stop.Token).GetAsyncEnumerator(_stop.Token);
        while (true)
        {
            if (!_credits.Wait(0, CancellationToken.None))
            {
                await Flush();
                await _credits.WaitAsync(_stop.Token);
            }
            var next = events.MoveNextAsync();
            if (!next.IsCompleted)
                await Flush();
            if (!await next)
                return (BackendEnd.Fault("backend_garbage", "The back end stopped without an end."), null);
            switch (events.Current)
            {
                case BackendChunk chunk when chunk.Data.Length > LinkLimits.MaxChunkBytes || TooLarge(chunk.Data):
                    return (BackendEnd.Fault("chunk_too_large", "A piece of the answer is larger than allowed."), null);
                case BackendChunk chunk:
                    meter.Count(chunk.Tokens);
                    await Add(chunk);
                    break;
                case BackendAnswer whole:
                    answer = whole.Body;
                    break;
                case BackendEnd end:
                    await Flush();
                    return (end, end.Status == 200 ? answer : end.Body);
            }
        }
    }

    private async ValueTask Add(BackendChunk chunk)
    {
        _batch.Add(new TokenChunk(new Utf8Text(chunk.Data), chunk.Tokens));
        _batchBytes += chunk.Data.Length;
        if (_batchBytes >= FullFrameBytes)
            await Flush();
    }

    /// <summary>Never throws: it may run while the back end's next piece is awaited, and that await must always be finished.</summary>
    private async ValueTask Flush()
    {
        if (_batch.Count == 0)
            return;
        var frame = new TokensFrame(Assignment.Task, [.. _batch]);
        _batch.Clear();
        _batchBytes = 0;
        await outbox.Send(frame);
    }

    private AgentFrame EndFrame(BackendEnd end, byte[]? body)
    {
        Utf8Text? text = body is null ? null : new Utf8Text(body);
        return end.Status == 200
            ? new DoneFrame(Assignment.Task, 200, text, end.Usage is { } used ? new UsagePart(used.Prompt, used.Cached, used.Completion, used.Reasoning) : null)
            : new FailedFrame(Assignment.Task, end.Status, end.Code ?? "failed", end.Message, text);
    }

    /// <summary>Only what might not fit is measured exactly: escaping makes a byte at most six.</summary>
    private static bool TooLarge(byte[]? text)
    {
        const int mostText = LinkLimits.MaxAgentFrameBytes - 4096;
        if (text is null || text.Length < mostText / 6)
            return false;
        return text.Length > mostText || JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length > mostText;
    }
}
