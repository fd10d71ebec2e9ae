namespace CocoonPool.Domain.Contributions;

/// <summary>Until when a worker's uptime has been credited; kept between heartbeats.</summary>
public readonly record struct UptimeMark(DateTimeOffset CreditedUntil);

/// <summary>What one heartbeat is worth, and the stretch of time it covers.</summary>
/// <param name="To">Where the next credit starts: the mark to keep.</param>
public readonly record struct UptimeCredit(DateTimeOffset From, DateTimeOffset To, long GpuMilliseconds)
{
    public UptimeMark Mark => new(To);
}

/// <summary>
/// Uptime is the attested GPU-milliseconds between heartbeats that arrived in time. The mark only ever moves forward and
/// credit is given only beyond it, so that skewed clocks, duplicates and reordered heartbeats never credit a moment twice.
/// </summary>
public static class Uptime
{
    /// <param name="mark">The mark of the last credit; null before the first heartbeat.</param>
    /// <param name="now">When the heartbeat arrived, by the pool's clock.</param>
    /// <param name="timeout">The longest gap that is credited. A longer one means that no heartbeat arrived in time: it earns nothing.</param>
    /// <param name="attestedGpus">How many GPUs were attested for the whole gap.</param>
    public static UptimeCredit Credit(UptimeMark? mark, DateTimeOffset now, TimeSpan timeout, int attestedGpus)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attestedGpus);
        // Marks are whole milliseconds, as the boundaries of epochs are. The part of a millisecond that is cut off here is left for the
        // next heartbeat, so that many short gaps lose nothing.
        var until = WholeMilliseconds(now);
        if (mark is not { CreditedUntil: var marked })
            return new(until, until, 0);
        var from = WholeMilliseconds(marked);
        if (now <= from)
            return new(from, from, 0);
        if (now - from > timeout)
            return new(until, until, 0);
        return new(from, until, checked((until - from).Ticks / TimeSpan.TicksPerMillisecond * attestedGpus));
    }

    /// <summary>
    /// Where an interval starts that may still be credited when everything up to the mark is credited already: two silos can both
    /// tell of a worker that moved between them, and their clocks differ.
    /// </summary>
    public static DateTimeOffset BeginBeyond(UptimeMark? durable, DateTimeOffset from) =>
        durable is { CreditedUntil: var until } && until > from ? until : from;

    private static DateTimeOffset WholeMilliseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond));
}
