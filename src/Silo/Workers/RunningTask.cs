using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// One task on one stream, between the pump that receives and the grain that reads. The queue can never hold more than the
/// credits given out, plus the end: that bound is what keeps a fast worker with a slow client from filling the memory. A reader that
/// waits goes on in the thread that brought the piece: it writes into the client's socket and waits for nobody, and waking another
/// thread for that would cost more than the work.
/// </summary>
internal sealed class RunningTask(InferenceTask task, int creditWindow)
{
    private readonly Channel<InferenceItem> _items = Channel.CreateBounded<InferenceItem>(
        new BoundedChannelOptions(creditWindow + 2) { SingleReader = true, SingleWriter = false, AllowSynchronousContinuations = true });
    private int _credits = creditWindow;
    private int _consumed;
    private int _ended;
    private int _abandoned;

    public InferenceTask Task { get; } = task;

    public int CreditWindow { get; } = creditWindow;

    public ChannelReader<InferenceItem> Items => _items.Reader;

    /// <summary>Nobody reads any more; the entry only waits for the agent to confirm the cancel.</summary>
    public bool Abandoned => Volatile.Read(ref _abandoned) != 0;

    /// <summary>Takes pieces from the agent. A code names the rule that the agent broke.</summary>
    public string? Offer(TokenChunk[] chunks)
    {
        if (Abandoned || Volatile.Read(ref _ended) != 0)
            return null;
        if (Interlocked.Add(ref _credits, -chunks.Length) < 0)
            return LinkErrors.NoCredit;
        foreach (var chunk in chunks)
        {
            if (chunk.Data.Bytes.Length > LinkLimits.MaxChunkBytes)
                return LinkErrors.ChunkTooLarge;
            _items.Writer.TryWrite(new InferenceItem(chunk.Data.Bytes, ChunkText.Count(chunk.Data.Bytes), null));
        }
        return null;
    }

    /// <summary>Ends the task; only the first end counts. What had arrived before is still delivered.</summary>
    public bool End(InferenceEnd end, byte[]? data = null, int tokens = 0)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        _items.Writer.TryWrite(new InferenceItem(data ?? [], tokens, end));
        _items.Writer.TryComplete();
        return true;
    }

    /// <summary>The reader took a piece. Answers how many credits to give now: they go out by half windows, not one by one.</summary>
    public int Consumed()
    {
        if (++_consumed < Math.Max(1, CreditWindow / 2))
            return 0;
        var credits = _consumed;
        _consumed = 0;
        Interlocked.Add(ref _credits, credits);
        return credits;
    }

    /// <summary>True for the first call on a task that has not ended.</summary>
    public bool Abandon() => Volatile.Read(ref _ended) == 0 && Interlocked.Exchange(ref _abandoned, 1) == 0;
}
