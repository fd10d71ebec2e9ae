namespace CocoonPool.Domain.Routing;

/// <summary>The bounds of a model's queue.</summary>
/// <param name="Capacity">Requests that may wait at once.</param>
/// <param name="MaxBytes">Bytes of their bodies together, which is what waiting costs.</param>
/// <param name="AgeingStep">A waiting request is served as if its priority were one level higher for every such step that it has waited longer.</param>
public sealed record AdmissionTerms(int Capacity, long MaxBytes, TimeSpan AgeingStep);

/// <summary>
/// The requests that wait for a worker, in the order in which they are served. The order is by rank: the time of arrival, set back
/// by one ageing step for each level of priority. So a higher priority goes first, and yet nothing that arrives more than two
/// steps after a request can ever be served before it: nobody starves. When the queue is full, a newcomer takes the place of the
/// last in the order if its own rank is better, and is refused otherwise.
/// </summary>
/// <typeparam name="T">What waits; compared by reference.</typeparam>
public sealed class AdmissionQueue<T>(AdmissionTerms terms)
    where T : class
{
    // One list per priority: within it the rank only grows, so the best is a first and the worst a last.
    private readonly LinkedList<Waiting>[] _levels = [new(), new(), new()];
    private readonly Dictionary<T, LinkedListNode<Waiting>> _nodes = new(ReferenceEqualityComparer.Instance);
    private long _bytes;

    public int Count => _nodes.Count;

    public long Bytes => _bytes;

    /// <summary>Puts a request in its place in the order.</summary>
    /// <param name="displaced">Requests that had to make room, the worst first; they are out of the queue.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool TryEnter(T item, RequestPriority priority, int bytes, DateTimeOffset now, out IReadOnlyList<T> displaced)
    {
        var entry = new Waiting(item, bytes, now - (int)priority * terms.AgeingStep, (int)priority);
        var worse = new List<T>();
        var (count, free) = (Count, terms.MaxBytes - _bytes);
        foreach (var other in count < terms.Capacity && free >= bytes ? [] : InOrder().Reverse())
        {
            if ((count < terms.Capacity && free >= bytes) || other.Rank <= entry.Rank)
                break;
            worse.Add(other.Item);
            (count, free) = (count - 1, free + other.Bytes);
        }
        displaced = worse;
        if (count >= terms.Capacity || free < bytes)
        {
            displaced = [];
            return false;
        }
        foreach (var other in worse)
            Remove(other);
        _nodes[item] = _levels[(int)priority].AddLast(entry);
        _bytes += bytes;
        return true;
    }

    /// <summary>Takes a request out; false when it is not in.</summary>
    public bool Remove(T item)
    {
        if (!_nodes.Remove(item, out var node))
            return false;
        _bytes -= node.Value.Bytes;
        _levels[node.Value.Level].Remove(node);
        return true;
    }

    /// <summary>All that wait, the next to be served first.</summary>
    public IEnumerable<T> Order() => InOrder().Select(waiting => waiting.Item);

    private IEnumerable<Waiting> InOrder()
    {
        var heads = new[] { _levels[0].First, _levels[1].First, _levels[2].First };
        while (true)
        {
            var best = -1;
            for (var level = 2; level >= 0; level--)
            {
                if (heads[level] is { } head && (best < 0 || head.Value.Rank < heads[best]!.Value.Rank))
                    best = level;
            }
            if (best < 0)
                yield break;
            yield return heads[best]!.Value;
            heads[best] = heads[best]!.Next;
        }
    }

    private readonly record struct Waiting(T Item, int Bytes, DateTimeOffset Rank, int Level);
}
