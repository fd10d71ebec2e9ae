namespace CocoonPool.Domain.Participants;

/// <summary>
/// Where a participant is paid. A new address takes effect 48 hours after it was set, so that somebody who got hold of an account
/// cannot empty it before its owner, who is told at once, sees it.
/// </summary>
/// <param name="Next">The address that follows, or null.</param>
/// <param name="NextFrom">From when it does; meaningless without one.</param>
public readonly record struct PayoutDestination(TonAddress Current, TonAddress? Next, DateTimeOffset NextFrom)
{
    public static readonly TimeSpan Delay = TimeSpan.FromHours(48);

    public TonAddress At(DateTimeOffset moment) => Next is { } next && moment >= NextFrom ? next : Current;

    /// <summary>
    /// Sets another address. Setting the one that is on its way changes nothing, not even its time; setting the one in effect takes a
    /// change back.
    /// </summary>
    public PayoutDestination Change(TonAddress to, DateTimeOffset now)
    {
        var current = At(now);
        if (to == current)
            return new(current, null, default);
        return current == Current && Next == to ? this : new(current, to, now + Delay);
    }
}
