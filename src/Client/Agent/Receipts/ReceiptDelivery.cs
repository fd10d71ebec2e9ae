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
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _unstored;

    public void Add(IEnumerable<StoredReceipt> receipts)
    {
        lock (_lock)
        {
            foreach (var receipt in receipts)
                _unsent.Enqueue(receipt);
        }
        Wake();
    }

    public void Answered(AckFrame answer)
    {
        lock (_lock)
        {
            if (!_inFlight.Remove(Convert.ToHexStringLower(answer.Root), out var batch))
                return;
            var settled = answer.Receipts.Concat(answer.Refused.Select(refused => refused.Task)).ToHashSet(StringComparer.Ordinal);
            var left = batch.Where(receipt => !settled.Contains(receipt.TaskId)).ToList();
            foreach (var receipt in left)
                _unsent.Enqueue(receipt);
            _unstored = left.Count > 0 ? Math.Min(_unstored + 1, 6) : 0;
        }
        Wake();
    }

    /// <summary>Sends batches until cancelled, a bounded number at a time.</summary>
    public async Task Run(Func<ReceiptsFrame, ValueTask> send, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (NextBatch() is { } batch)
            {
                // The pool left receipts out because it cannot store them now; asking faster helps nobody.
                if (Volatile.Read(ref _unstored) is > 0 and var times)
                    await Task.Delay(timing.ReceiptRetry * (1 << (times - 1)), time, cancellationToken);
                await send(batch);
            }
            await _changed.Reader.ReadAsync(cancellationToken);
        }
    }

    private ReceiptsFrame? NextBatch()
    {
        lock (_lock)
        {
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
