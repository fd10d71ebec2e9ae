using System.Numerics;

namespace CocoonPool.Domain.Epochs;

/// <summary>How much of the uptime that an epoch could have had was really there.</summary>
public static class ExpectedUptime
{
    /// <summary>
    /// GPU-milliseconds that one worker could be online in the epoch: from its first activation, or the epoch's start if that is later,
    /// until it was deactivated, or the epoch's end. What was expected before it left stays expected, or leaving would mend a bad uptime.
    /// </summary>
    public static BigInteger GpuMilliseconds(DateTimeOffset start, DateTimeOffset end, DateTimeOffset activeSince, int gpus, DateTimeOffset? activeUntil = null)
    {
        var from = activeSince > start ? activeSince : start;
        var until = activeUntil < end ? activeUntil.Value : end;
        return from >= until ? BigInteger.Zero : (BigInteger)((until - from).Ticks / TimeSpan.TicksPerMillisecond) * gpus;
    }

    /// <summary>Credited over expected in basis points, rounded down, at most 10,000; 10,000 when nothing was expected.</summary>
    public static int BasisPoints(BigInteger credited, BigInteger expected) =>
        expected.IsZero ? 10_000 : (int)BigInteger.Min(credited * 10_000 / expected, 10_000);
}
