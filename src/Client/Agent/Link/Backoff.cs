namespace CocoonPool.Client.Agent.Link;

/// <summary>
/// Pauses before connecting again: doubling up to a limit, each drawn between half and whole, so that a thousand agents that
/// lost the same server do not come back in the same moment.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double> draw)
{
    private int _failures;

    public TimeSpan Next()
    {
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        return (doubled < longest ? doubled : longest) * (0.5 + draw() / 2);
    }

    public void Succeeded() => _failures = 0;
}
