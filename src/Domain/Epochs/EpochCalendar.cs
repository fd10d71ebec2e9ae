namespace CocoonPool.Domain.Epochs;

/// <summary>Where epochs begin and end. Epochs follow one another without gap or overlap: start inclusive, end exclusive.</summary>
public static class EpochCalendar
{
    /// <summary>
    /// The first epoch of a pool that starts now: it ends at the next boundary of the regular calendar, so that a weekly pool closes
    /// on Mondays at 00:00 UTC whenever it was started. Durations that divide a week are counted from a Monday; others from now.
    /// </summary>
    public static (DateTimeOffset Start, DateTimeOffset End) First(DateTimeOffset now, TimeSpan duration)
    {
        var start = WholeMilliseconds(now);
        if (TimeSpan.FromDays(7).Ticks % duration.Ticks != 0)
            return (start, start + duration);

        // 0001-01-01, where ticks count from, was a Monday.
        var end = start.Ticks - start.Ticks % duration.Ticks + duration.Ticks;
        return (start, new DateTimeOffset(end, TimeSpan.Zero));
    }

    /// <summary>
    /// When something happened, for the calendar: what is said to happen after it arrived happened when it arrived. Clocks of workers and
    /// chains may be ahead of the pool's, and must not open an epoch before it begins.
    /// </summary>
    public static DateTimeOffset NotAfter(DateTimeOffset happenedAt, DateTimeOffset arrivedAt) => happenedAt < arrivedAt ? happenedAt : arrivedAt;

    /// <summary>The moment without the part of a millisecond: all times of an epoch are whole milliseconds, in the bundle and on every wire.</summary>
    public static DateTimeOffset WholeMilliseconds(DateTimeOffset moment) =>
        new(moment.UtcTicks - moment.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>May an epoch with this end be closed? Only after late receipts had their grace.</summary>
    public static bool IsDue(DateTimeOffset end, TimeSpan grace, DateTimeOffset now) => now >= end + grace;
}
