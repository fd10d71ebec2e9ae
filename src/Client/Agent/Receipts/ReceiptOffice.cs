using System.Threading.Channels;
using CocoonPool.Domain.Contributions;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Receipts;

/// <summary>
/// The way of a receipt: gathered with others, kept on disk, sent under one signature, settled by the pool's answer, sent
/// again when no answer came. Gathering ends after <see cref="AgentTiming.ReceiptFlush"/> or a full batch. Only <see cref="DiskThread"/>
/// waits for the disk: neither an answer to a client nor the reading of the stream does.
/// </summary>
internal sealed partial class ReceiptOffice(ReceiptStore store, WorkerKey key, AgentTiming timing, TimeProvider time, ILogger<ReceiptOffice> logger) : IDisposable
{
    private readonly DiskThread _disk = new();
    private readonly Channel<StoredReceipt> _issued = Channel.CreateUnbounded<StoredReceipt>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private ReceiptDelivery? _delivery;
    private TaskCompletionSource _settled = NewSignal();
    private int _unkept;

    /// <summary>Unsettled receipts, on disk or on their way there.</summary>
    public int Waiting => store.Count + Volatile.Read(ref _unkept);

    /// <summary>Completes with the pool's next answer.</summary>
    public Task SettledOnce => Volatile.Read(ref _settled).Task;

    public void Issue(Receipt receipt, string ticket)
    {
        if (receipt.Refusal() is { } refusal)
        {
            LogNotIssued(receipt.TaskId.Value, refusal);
            return;
        }
        Interlocked.Increment(ref _unkept);
        _issued.Writer.TryWrite(new StoredReceipt(receipt.TaskId.Value, ticket, receipt.CanonicalBytes()));
    }

    /// <summary>Keeps what is issued, until <see cref="Finish"/>.</summary>
    /// <param name="abort">Gives up receipts that the disk does not take, because the agent must go.</param>
    public async Task Run(CancellationToken abort)
    {
        var gathered = new List<StoredReceipt>(LinkLimits.MaxBatch);
        while (await _issued.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await Gather(gathered);
            await Keep(gathered, abort);
            Interlocked.Add(ref _unkept, -gathered.Count);
            lock (_lock)
                _delivery?.Add(gathered);
            gathered.Clear();
        }
        // What was settled before is on its way to the disk; the store may be closed after this.
        await _disk.Do(() => { });
    }

    public void Finish() => _issued.Writer.TryComplete();

    /// <summary>Begins to deliver over a new stream, first everything that earlier streams left unanswered.</summary>
    public ReceiptDelivery Deliver()
    {
        lock (_lock)
        {
            _delivery = new ReceiptDelivery(key, timing, time, store.Pending());
            return _delivery;
        }
    }

    public void Stop(ReceiptDelivery delivery)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_delivery, delivery))
                _delivery = null;
        }
    }

    /// <summary>The pool's answer to one batch.</summary>
    public void Answered(ReceiptDelivery delivery, AckFrame answer)
    {
        foreach (var refused in answer.Refused)
            LogRefused(refused.Task, refused.Code, refused.Message);
        delivery.Answered(answer);
        _ = _disk.Do(() => Settle([.. answer.Receipts, .. answer.Refused.Select(refused => refused.Task)]));
    }

    public void Dispose() => _disk.Dispose();

    private void Settle(string[] tasks)
    {
        try
        {
            store.Settle(tasks);
        }
        catch (IOException exception)
        {
            // They are settled all the same, and would be sent once more after a restart; the pool knows them.
            LogNotSettled(tasks.Length, exception);
        }
        Interlocked.Exchange(ref _settled, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Keep(List<StoredReceipt> gathered, CancellationToken abort)
    {
        while (true)
        {
            try
            {
                await _disk.Do(() => store.Keep(gathered));
                return;
            }
            catch (IOException exception) when (!abort.IsCancellationRequested)
            {
                // A full disk is mended by people; until then the receipts wait in memory.
                LogNotKept(gathered.Count, exception);
                await Task.Delay(timing.ReceiptRetry, time, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Gather(List<StoredReceipt> gathered)
    {
        using var flush = new CancellationTokenSource(timing.ReceiptFlush, time);
        try
        {
            while (gathered.Count < LinkLimits.MaxBatch)
            {
                while (gathered.Count < LinkLimits.MaxBatch && _issued.Reader.TryRead(out var receipt))
                    gathered.Add(receipt);
                if (gathered.Count < LinkLimits.MaxBatch && !await _issued.Reader.WaitToReadAsync(flush.Token))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // Time is up: what has been gathered goes out.
        }
    }
}
