using System.Collections.Concurrent;

namespace CocoonPool.Silo.Audit;

/// <summary>Nobody in particular must not be able to fill the audit log: so many lines a minute for each network, the rest is only refused.</summary>
public sealed class StrangerLines(TimeProvider time)
{
    private const int MostNetworks = 10_000;
    private const int LinesPerMinute = 60;

    private readonly ConcurrentDictionary<string, (long Minute, int Lines)> _seen = new(StringComparer.Ordinal);

    /// <summary>Counts a line; false when it is one too many.</summary>
    public bool Admit(string network)
    {
        if (_seen.Count > MostNetworks)
            _seen.Clear();
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        return _seen.AddOrUpdate(network, _ => (minute, 1), (_, seen) => seen.Minute == minute ? (minute, seen.Lines + 1) : (minute, 1)).Lines <= LinesPerMinute;
    }
}
