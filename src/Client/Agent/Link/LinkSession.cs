using System.Text.Json;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Receipts;
using CocoonPool.Client.Agent.Tasks;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>One welcomed stream, from the welcome to its end. The receiving loop never waits for sending.</summary>
internal sealed partial class LinkSession(
    OpenStream stream, LinkOutbox outbox, TaskTable tasks, ReceiptOffice receipts, HeartbeatLoop heartbeats, AgentStatus status, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private ErrorFrame? _fatal;

    /// <summary>Serves until the stream ends. All tasks have ended and issued their receipts when this returns.</summary>
    /// <returns>Why it ended.</returns>
    /// <exception cref="LinkRefusedException">The pool ended it with an error.</exception>
    public async Task<string> Serve(CancellationToken abort)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort, _over.Token);
        var delivery = receipts.Deliver();
        var sending = outbox.Run(stop.Token);
        var loops = Task.WhenAll(
            Until(heartbeats.Run(outbox, _over, stop.Token)),
            Until(delivery.Run(async frame => await outbox.Send(frame), stop.Token)));
        var reason = await Receive(delivery, stop.Token);
        outbox.Break();
        tasks.Abandon();
        await tasks.Idle();
        await _over.CancelAsync();
        receipts.Stop(delivery);
        await loops;
        await sending;
        return _fatal is null ? reason : throw new LinkRefusedException(_fatal.Code, _fatal.Message);
    }

    /// <summary>Finishes what runs, tells the pool, and ends the stream; gives up at <paramref name="deadline"/>.</summary>
    public async Task Leave(AgentTiming timing, TimeProvider time, CancellationToken deadline)
    {
        tasks.Leave();
        await outbox.Send(new DrainingFrame());
        try
        {
            await tasks.Idle().WaitAsync(deadline);
            using var patience = new CancellationTokenSource(timing.LastReceipts, time);
            using var last = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, deadline, _over.Token);
            for (var settled = receipts.SettledOnce; receipts.Waiting > 0; settled = receipts.SettledOnce)
                await settled.WaitAsync(last.Token);
        }
        catch (OperationCanceledException)
        {
            LogLeavingUnfinished(tasks.Count, receipts.Waiting);
        }
        await outbox.Send(new ByeFrame());
        outbox.Finish();
    }

    public void Dispose() => _over.Dispose();

    private async Task<string> Receive(ReceiptDelivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            FrameRead read;
            try
            {
                read = await stream.Socket.Receive(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return heartbeats.Unanswered ? "the pool stopped answering heartbeats" : "stopped";
            }
            if (read.Kind != FrameReadKind.Text)
                return read.Reason;
            try
            {
                Handle(FrameJson.ReadServerFrame(read.Payload.Span), delivery);
            }
            catch (JsonException exception)
            {
                LogMalformed(exception.Message);
            }
        }
    }

    private void Handle(ServerFrame frame, ReceiptDelivery delivery)
    {
        switch (frame)
        {
            case AssignFrame assign:
                tasks.Assign(assign);
                break;
            case CreditFrame credit:
                tasks.AddCredits(credit);
                break;
            case CancelFrame cancel:
                tasks.Cancel(cancel);
                break;
            case AckFrame ack:
                receipts.Answered(delivery, ack);
                break;
            case HeartbeatAckFrame ack:
                heartbeats.Acknowledged(ack);
                status.HeartbeatAcknowledged();
                break;
            case DrainFrame:
                // The pool itself assigns nothing more; should it change its mind, its next assignment is welcome.
                LogDrainRequested(tasks.Count);
                break;
            case ErrorFrame { Fatal: true } error:
                _fatal = error;
                break;
            case ErrorFrame error:
                LogError(error.Code, error.Message);
                break;
        }
    }

    /// <summary>The loops end by cancellation, and only by it.</summary>
    private static async Task Until(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // The stream is over.
        }
    }
}
