using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Contributions;

/// <summary>The part of an interval of uptime that counts in one epoch.</summary>
public readonly record struct UptimePart(EpochNumber Epoch, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>What the part is worth with this many GPUs.</summary>
    public long GpuMilliseconds(int gpus) => checked((To - From).Ticks / TimeSpan.TicksPerMillisecond * gpus);
}

/// <summary>Cuts uptime at the boundaries of epochs, which are whole milliseconds, so that no millisecond counts in the wrong epoch, twice or never.</summary>
public static class UptimeParts
{
    /// <summary>The parts of the interval in order of time; they touch, and together they are the interval. None for an empty one.</summary>
    /// <param name="open">All open epochs, ascending, up to the one that holds the interval's end.</param>
    public static IReadOnlyList<UptimePart> Of(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<OpenEpoch> open)
    {
        var parts = new List<UptimePart>();
        if (to <= from)
            return parts;

        // The last millisecond of the interval is the moment at which it is known, hence its arrival.
        var arrivedAt = to.AddTicks(-TimeSpan.TicksPerMillisecond);
        while (from < to)
        {
            var epoch = EpochAssignment.Of(from, arrivedAt, open).Number;
            var end = NextBoundary(from, to, open);
            if (parts.Count > 0 && parts[^1].Epoch == epoch)
                parts[^1] = parts[^1] with { To = end };
            else
                parts.Add(new(epoch, from, end));
            from = end;
        }

        return parts;
    }

    private static DateTimeOffset NextBoundary(DateTimeOffset after, DateTimeOffset atMost, IReadOnlyList<OpenEpoch> open)
    {
        var next = atMost;
        foreach (var epoch in open)
        {
            if (epoch.Start > after && epoch.Start < next)
                next = epoch.Start;
            if (epoch.End > after && epoch.End < next)
                next = epoch.End;
        }

        return next;
    }
}
