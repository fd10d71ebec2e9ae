namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>How often each fault has really struck: a kill of what was not running, or a fault that found no message, does not count.</summary>
public sealed class Struck
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(string what, long count = 1)
    {
        lock (_counts)
            _counts[what] = _counts.GetValueOrDefault(what) + count;
    }

    public void Add(Struck other)
    {
        foreach (var (what, count) in other.Counts)
            Add(what, count);
    }

    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            lock (_counts)
                return new Dictionary<string, long>(_counts, StringComparer.Ordinal);
        }
    }

    public override string ToString() => string.Join(", ", Counts.Where(c => c.Value > 0).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"));
}
