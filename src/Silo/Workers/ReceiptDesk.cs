using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// Takes the receipt batches of one stream to the worker's grain, one after the other, and posts the answers. It has a queue
/// of its own because the answer comes only after the commit, and tokens must not wait for that.
/// </summary>
internal sealed partial class ReceiptDesk(IWorkerGrain grain, string worker, LinkOutbox outbox, ILogger logger)
{
    private readonly Channel<ReceiptsFrame> _batches =
        Channel.CreateBounded<ReceiptsFrame>(new BoundedChannelOptions(LinkLimits.MaxBatchesInFlight) { SingleReader = true });

    /// <summary>Null when the batch was taken, else the code of the rule that it breaks.</summary>
    public string? Take(ReceiptsFrame frame)
    {
        if (frame.Root.Length != 32 || frame.Signature.Length != 64 || frame.Receipts.Length is < 1 or > LinkLimits.MaxBatch)
            return LinkErrors.MalformedFrame;
        return _batches.Writer.TryWrite(frame) ? null : LinkErrors.TooManyReceipts;
    }

    public void Finish() => _batches.Writer.TryComplete();

    public async Task Run()
    {
        await foreach (var frame in _batches.Reader.ReadAllAsync())
            outbox.TryPost(await Submit(frame));
    }

    private async Task<AckFrame> Submit(ReceiptsFrame frame)
    {
        try
        {
            var receipts = Array.ConvertAll(frame.Receipts, part => new SubmittedReceipt(part.Canonical, part.Ticket));
            var answer = await grain.SubmitReceipts(new SignedReceipts(frame.Root, frame.Signature, receipts));
            return new(frame.Root, answer.Acknowledged, Array.ConvertAll(answer.Refused, r => new RefusedPart(r.TaskId, r.Code, r.Message)));
        }
        catch (Exception exception)
        {
            // Naming no receipt at all means "send them again", which is the truth whatever went wrong.
            LogNotSubmitted(worker, frame.Receipts.Length, exception);
            return new(frame.Root, [], []);
        }
    }
}
