namespace CocoonPool.Domain.Routing;

/// <summary>A latency that jumps up with every slow answer and comes down slowly: the exponentially weighted average of what is below the peak.</summary>
/// <param name="Microseconds">0 while nothing was seen.</param>
public readonly record struct PeakEwma(double Microseconds, DateTimeOffset At)
{
    /// <summary>After this much time a peak has lost two thirds of its weight.</summary>
    private static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    public PeakEwma Observe(TimeSpan latency, DateTimeOffset now)
    {
        var sample = Math.Max(1, latency.TotalMicroseconds);
        if (sample >= Microseconds)
            return new(sample, now);
        var kept = Math.Exp(-Math.Max(0, (now - At).TotalMilliseconds) / Decay.TotalMilliseconds);
        return new(Microseconds * kept + sample * (1 - kept), now);
    }
}
