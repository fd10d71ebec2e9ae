namespace CocoonPool.Domain.Epochs;

/// <summary>An epoch that still takes contributions: it is running, or over and within its grace.</summary>
/// <param name="Start">Inclusive.</param>
/// <param name="End">Exclusive.</param>
public readonly record struct OpenEpoch(EpochNumber Number, DateTimeOffset Start, DateTimeOffset End)
{
    public bool Holds(DateTimeOffset moment) => Start <= moment && moment < End;
}

/// <summary>The epoch that something counts in.</summary>
/// <param name="Late">The epoch in which it happened was closed when it arrived.</param>
public readonly record struct AssignedEpoch(EpochNumber Number, bool Late);

/// <summary>Which epoch a contribution counts in, decided while no epoch can be closed.</summary>
public static class EpochAssignment
{
    /// <summary>
    /// The epoch that holds the moment while that one is open, which it is until its grace is over; else the one in which it arrived,
    /// late. An epoch that was closed between arrival and this decision passes it on to the next one.
    /// </summary>
    /// <param name="open">All open epochs, ascending, up to the one that holds the arrival.</param>
    /// <exception cref="ArgumentException">The epochs end before the arrival: the calendar is behind.</exception>
    public static AssignedEpoch Of(DateTimeOffset happenedAt, DateTimeOffset arrivedAt, IReadOnlyList<OpenEpoch> open)
    {
        happenedAt = EpochCalendar.NotAfter(happenedAt, arrivedAt);
        foreach (var epoch in open)
        {
            if (epoch.Holds(happenedAt))
                return new(epoch.Number, Late: false);
        }

        foreach (var epoch in open)
        {
            if (arrivedAt < epoch.End)
                return new(epoch.Number, Late: true);
        }

        throw new ArgumentException($"No open epoch holds {arrivedAt:O} or anything after it.", nameof(open));
    }
}
