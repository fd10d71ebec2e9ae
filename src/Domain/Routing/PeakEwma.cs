namespace CocoonPool.Domain.Routing;

/// <summary>A latency that jumps up with every slow answer and comes down slowly: the exponentially weighted average of what is below the peak.</summary>
/// <param name="Microseconds">0 while nothing was seen.</param>
public readonly record struct PeakEwma(double Microseconds, DateTimeOffset Seen)
{
    /// <summary>After this much time a peak has lost two thirds of its weight.</summary>
    private static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    public PeakEwma Observe(TimeSpan latency, DateTimeOffset now)
    {
        var sample = Math.Max(1, latency.TotalMicroseconds);
        if (sample >= Microseconds)
            return new(sample, now);
        var kept = Kept(now);
        return new(Microseconds * kept + sample * (1 - kept), now);
    }

    /// <summary>
    /// The figure as it counts now: a peak that nothing follows fades as well, to nothing known in the end. Otherwise one slow answer
    /// would keep a worker out for as long as the others have none, and nobody would ever learn that it is fast again.
    /// </summary>
    public double At(DateTimeOffset now) => Microseconds * Kept(now) is >= 1 and var left ? left : 0;

    private double Kept(DateTimeOffset now) => Math.Exp(-Math.Max(0, (now - Seen).TotalMilliseconds) / Decay.TotalMilliseconds);
}
