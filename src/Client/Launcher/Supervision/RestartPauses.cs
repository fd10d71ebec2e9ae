namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>How long a dead service waits: not at all when it had run for a while, longer and longer when it dies again and again.</summary>
public sealed class RestartPauses
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(30);
    private TimeSpan _next;

    /// <param name="ran">How long the service ran since it was ready, or was started in vain.</param>
    public TimeSpan Next(TimeSpan ran)
    {
        if (ran > Proven)
            _next = TimeSpan.Zero;
        var pause = _next;
        _next = pause == TimeSpan.Zero ? First : pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
