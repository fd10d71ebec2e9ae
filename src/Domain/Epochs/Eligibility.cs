using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Epochs;

/// <summary>Who takes part in the split of an epoch.</summary>
public static class Eligibility
{
    public const string Suspended = "suspended";
    public const string UptimeBelowMinimum = "uptime_below_minimum";

    /// <summary>Why the participant earns nothing in the epoch; null when they take part.</summary>
    public static string? RefusalOf(bool suspended, int uptimeBps, PoolParameters parameters)
    {
        if (suspended)
            return Suspended;
        return uptimeBps < parameters.MinUptimeBps ? UptimeBelowMinimum : null;
    }
}
