namespace CocoonPool.Domain.Limits;

/// <summary>A rate: so many requests in so much time.</summary>
public readonly record struct RateLimit(int Requests, TimeSpan Window);

/// <summary>The answer to one request.</summary>
/// <param name="Remaining">How many more would be let through now.</param>
/// <param name="Reset">When some of it is given back: the end of the window.</param>
public readonly record struct RateDecision(bool Allowed, int Remaining, TimeSpan Reset);

/// <summary>
/// Counts one caller's requests in a sliding window: those of the current window, and of the one before in proportion to how much
/// of it the sliding one still covers. So twice the limit around a window's end does not pass, and two counters are all it costs.
/// </summary>
/// <param name="Number">Which window since the epoch of time.</param>
public readonly record struct RateWindow(long Number, int Current, int Previous)
{
    /// <summary>True when the next request would be refused. Counts nothing.</summary>
    public bool IsFull(RateLimit limit, DateTimeOffset now)
    {
        _ = Take(limit, now, out var decision);
        return !decision.Allowed;
    }

    public RateWindow Take(RateLimit limit, DateTimeOffset now, out RateDecision decision)
    {
        var length = limit.Window.Ticks;
        var (number, elapsed) = Math.DivRem(now.UtcTicks, length);
        var (current, previous) = number switch
        {
            _ when number == Number => (Current, Previous),
            _ when number == Number + 1 => (0, Current),
            _ => (0, 0),
        };
        // Rounded up: a part of a request still counts.
        var carried = (int)(((Int128)previous * (length - elapsed) + length - 1) / length);
        var allowed = carried + current < limit.Requests;
        if (allowed)
            current++;
        decision = new(allowed, Math.Max(0, limit.Requests - carried - current), TimeSpan.FromTicks(length - elapsed));
        return new(number, current, previous);
    }
}
