namespace CocoonPool.Grains.Workers;

/// <summary>
/// What one worker has signed and the pool has taken, so that nothing is taken twice. Each entry is kept until its signature is too old
/// for every silo, whatever their clocks say; then it is forgotten, oldest first. One thread at a time.
/// </summary>
/// <param name="keep">How long a signature is good for at the longest.</param>
/// <param name="most">How many are kept. A worker that signs faster is turned away, since a repetition could not be told any more.</param>
public sealed class UsedSignatures(TimeSpan keep, int most)
{
    private readonly HashSet<string> _signed = new(StringComparer.Ordinal);
    private readonly Queue<(string Signed, DateTimeOffset Until)> _oldestFirst = new();

    /// <summary>Null when it is taken for the first time; otherwise a code of <see cref="PollRefusals"/>.</summary>
    public string? Take(string signed, DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && oldest.Until <= now)
            _signed.Remove(_oldestFirst.Dequeue().Signed);
        if (_signed.Contains(signed))
            return PollRefusals.SignatureUsed;
        if (_signed.Count >= most)
            return PollRefusals.TooManySignatures;
        _signed.Add(signed);
        _oldestFirst.Enqueue((signed, now + keep));
        return null;
    }
}
