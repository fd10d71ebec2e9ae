using System.Threading.Channels;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Receipts;

/// <summary>Receipts on one stream: what still has to be sent, and which batches wait for their answer.</summary>
internal sealed class ReceiptDelivery(WorkerKey key, AgentTiming timing, TimeProvider time, IReadOnlyList<StoredReceipt> pending)
{
    private readonly Lock _lock = new();
    private readonly Queue<StoredReceipt> _unsent = new(pending);
    private readonly Dictionary<string, StoredReceipt[]> _inFlight = new(StringComparer.Ordinal);
    private readonly PriorityQueue<StoredReceipt, DateTimeOffset> _later = new();
    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(IEnumerable<StoredReceipt> receipts)
    {
        lock (_lock)
        {
            foreach (var receipt in receipts)
                _unsent.Enqueue(receipt);
        }
        Wake();
    }

    /// <summary>
    /// What the answer leaves out is offered again later, and later still the more often that happens: the pool may be unable
    /// to store, or the client may still be reading the end of that answer. Other receipts do not wait for it.
    /// </summary>
    public void Answered(AckFrame answer)
    {
        lock (_lock)
        {
            if (!_inFlight.Remove(Convert.ToHexStringLower(answer.Root), out var batch))
                return;
            var settled = answer.Receipts.Concat(answer.Refused.Select(refused => refused.Task)).ToHashSet(StringComparer.Ordinal);
            foreach (var receipt in batch)
            {
                if (settled.Contains(receipt.TaskId))
                {
                    _leftOut.Remove(receipt.TaskId);
                    continue;
                }
                var times = _leftOut.GetValueOrDefault(receipt.TaskId);
                _leftOut[receipt.TaskId] = times + 1;
                _later.Enqueue(receipt, time.GetUtcNow() + (timing.ReceiptRetry * (1 << Math.Min(times, 5))));
            }
        }
        Wake();
    }

    /// <summary>Sends batches until cancelled, a bounded number at a time.</summary>
    public async Task Run(Func<ReceiptsFrame, ValueTask> send, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (NextBatch() is { } batch)
                await send(batch);
            using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_changed.Reader.WaitToReadAsync(due.Token).AsTask(), Task.Delay(UntilDue(), time, due.Token));
            await due.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            _changed.Reader.TryRead(out _);
        }
    }

    private TimeSpan UntilDue()
    {
        lock (_lock)
        {
            if (!_later.TryPeek(out _, out var due))
                return Timeout.InfiniteTimeSpan;
            var left = due - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private ReceiptsFrame? NextBatch()
    {
        lock (_lock)
        {
            while (_later.TryPeek(out var again, out var due) && due <= time.GetUtcNow())
            {
                _unsent.Enqueue(again);
                _later.Dequeue();
            }
            if (_unsent.Count == 0 || _inFlight.Count >= LinkLimits.MaxBatchesInFlight)
                return null;
            var size = 0;
            var batch = new List<StoredReceipt>();
            // Base64 and JSON make a receipt about half as large again; the frame limit must hold for long tickets too.
            while (batch.Count < LinkLimits.MaxBatch && _unsent.TryPeek(out var next)
                && (batch.Count == 0 || size + next.Canonical.Length + next.Ticket.Length < LinkLimits.MaxAgentFrameBytes / 2))
            {
                batch.Add(_unsent.Dequeue());
                size += next.Canonical.Length + next.Ticket.Length;
            }
            var root = MerkleTree.Root(batch.ConvertAll(receipt => MerkleTree.LeafHash(receipt.Canonical)));
            _inFlight[Convert.ToHexStringLower(root)] = [.. batch];
            return new ReceiptsFrame(root, key.SealReceipts(root), [.. batch.ConvertAll(receipt => new ReceiptPart(receipt.Canonical, receipt.Ticket))]);
        }
    }

    private void Wake() => _changed.Writer.TryWrite(true);
}
