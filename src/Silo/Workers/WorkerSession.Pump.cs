using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>The receiving half: what each frame of the agent does, and what is a mistake.</summary>
internal sealed partial class WorkerSession
{
    /// <summary>Mistakes that a stream may make before it is closed: enough for a confused agent, too few for a flood.</summary>
    private const int ToleratedMistakes = 100;

    private int _mistakes;

    /// <summary>
    /// After <see cref="End"/> it goes on to read and to throw away until the other end has closed or the linger is over:
    /// closing a connection with unread bytes resets it, and the agent would never see the error frame.
    /// </summary>
    private async Task<string> Pump(ReceiptDesk receipts, ReportDesk reports, CancellationToken cancellationToken)
    {
        while (true)
        {
            FrameRead read;
            try
            {
                read = await _socket.Receive(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return _cause ?? "connection aborted";
            }
            switch (read.Kind)
            {
                case FrameReadKind.Closed:
                    return _cause ?? read.Reason;
                case FrameReadKind.TooLarge:
                    End(LinkErrors.FrameTooLarge, read.Reason, WebSocketCloseStatus.MessageTooBig);
                    break;
                case FrameReadKind.NotText:
                    End(LinkErrors.TextExpected, read.Reason, WebSocketCloseStatus.InvalidMessageType);
                    break;
                case FrameReadKind.Text when IsOpen:
                    Handle(read.Payload.Span, receipts, reports);
                    break;
            }
        }
    }

    private void Handle(ReadOnlySpan<byte> payload, ReceiptDesk receipts, ReportDesk reports)
    {
        AgentFrame frame;
        try
        {
            frame = FrameJson.ReadAgentFrame(payload);
        }
        catch (JsonException exception)
        {
            Mistake(LinkErrors.MalformedFrame, $"This is not a frame: {exception.Message}");
            return;
        }
        switch (frame)
        {
            case TokensFrame tokens:
                Handle(tokens);
                break;
            case DoneFrame done:
                Finish(done.Task, task => task.End(
                    WorkerEnds.Succeeded(done.Usage), done.Body?.Bytes, done.Body is { } body ? ChunkText.CompletionTokensOf(body.Bytes) : 0));
                break;
            case FailedFrame failed:
                Finish(failed.Task, task => task.End(WorkerEnds.Failed(failed), failed.Body?.Bytes));
                break;
            case ReceiptsFrame batch when receipts.Take(batch) is { } code:
                Mistake(code, $"A receipts frame has 1 to {LinkLimits.MaxBatch} receipts, a root of 32 and a signature of 64 bytes; "
                    + $"at most {LinkLimits.MaxBatchesInFlight} frames may wait for their ack.");
                break;
            case ReceiptsFrame:
                break;
            case HeartbeatFrame heartbeat:
                reports.Take(heartbeat);
                break;
            case DrainingFrame draining:
                _leaving = true;
                reports.Take(draining);
                break;
            case ByeFrame:
                if (Close("bye"))
                    Outbox.Finish(null, WebSocketCloseStatus.NormalClosure, "bye");
                break;
            default:
                Mistake(LinkErrors.UnknownType, "This type of frame is unknown here or not expected now.");
                break;
        }
    }

    private void Handle(TokensFrame tokens)
    {
        if (!_tasks.TryGetValue(tokens.Task, out var task))
        {
            Mistake(LinkErrors.UnknownTask, "No such task runs on this stream.", tokens.Task);
            return;
        }
        if (task.Offer(tokens.Chunks) is not { } code)
            return;
        // Ended for the client at once, and cancelled at the worker, which still has to confirm.
        Post(new CancelFrame(tokens.Task, code));
        task.End(WorkerEnds.Violation(code));
        Mistake(code, "The pieces were more or larger than this task's credits allow.", tokens.Task);
    }

    private void Finish(string id, Action<RunningTask> end)
    {
        if (!_tasks.TryRemove(id, out var task))
        {
            Mistake(LinkErrors.UnknownTask, "No such task runs on this stream.", id);
            return;
        }
        end(task);
        if (_stopping && _tasks.IsEmpty)
            Stop();
    }

    private void Mistake(string code, string message, string? task = null)
    {
        LogMistake(Id.Value, code);
        if (++_mistakes > ToleratedMistakes)
            End(LinkErrors.TooManyMistakes, "Too many frames on this stream were wrong.");
        else
            Post(new ErrorFrame(code, message, Fatal: false, task is { Length: > 64 } ? null : task));
    }
}
