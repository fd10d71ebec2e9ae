namespace CocoonPool.PoolSimulation.Audit;

/// <summary>What somebody was told to be so. Each subject has one client, so the last answer stands.</summary>
public sealed class AcknowledgedFacts
{
    private readonly SortedDictionary<string, string> _facts = new(StringComparer.Ordinal);

    public void Note(string subject, string value) => _facts[subject] = value;

    /// <summary>Nobody knows any more.</summary>
    public void Forget(string subject) => _facts.Remove(subject);

    public void Compare(IReadOnlyDictionary<string, string> seen, Action<string> objectTo)
    {
        foreach (var (subject, value) in _facts)
        {
            if (!string.Equals(seen.GetValueOrDefault(subject), value, StringComparison.Ordinal))
                objectTo($"{subject} was acknowledged as '{value}' and is '{seen.GetValueOrDefault(subject) ?? "nothing"}' after a restart");
        }
    }
}
