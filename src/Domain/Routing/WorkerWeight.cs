namespace CocoonPool.Domain.Routing;

/// <summary>How much of its share a worker gets: a quarter while degraded, growing back to the whole over two minutes once it serves again.</summary>
public static class WorkerWeight
{
    public const int Full = 100;
    public const int Degraded = 25;

    /// <summary>From a quarter to the whole: long enough to see whether it holds, short enough not to waste it.</summary>
    public static readonly TimeSpan Ramp = TimeSpan.FromMinutes(2);

    /// <param name="reportedPercent">What the worker's grain says: 25 while degraded, else 100.</param>
    /// <param name="servingSince">When it began to serve or recovered; null when it is long past.</param>
    public static int Percent(int reportedPercent, DateTimeOffset? servingSince, DateTimeOffset now)
    {
        var reported = Math.Clamp(reportedPercent, 1, Full);
        if (servingSince is not { } since || reported <= Degraded || now - since >= Ramp)
            return reported;
        var grown = Degraded + (reported - Degraded) * Math.Max(0, (now - since).TotalMilliseconds) / Ramp.TotalMilliseconds;
        return Math.Max(Degraded, (int)grown);
    }
}
