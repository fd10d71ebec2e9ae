namespace CocoonPool.Domain.Pool;

/// <summary><c>announced → running → ended</c>, or <c>announced → cancelled</c>.</summary>
public enum MaintenanceState
{
    Announced = 0,
    Running = 1,
    Ended = 2,
    Cancelled = 3,
}

/// <summary>A time in which the pool takes no new work, told to everybody beforehand.</summary>
/// <param name="Start">Inclusive.</param>
/// <param name="End">Exclusive: the pool takes work again then, unless it was paused meanwhile.</param>
public sealed record MaintenanceWindow(string Id, DateTimeOffset Start, DateTimeOffset End, string Reason, MaintenanceState State)
{
    /// <summary>Whether the window is still ahead or running.</summary>
    public bool IsPending => State is MaintenanceState.Announced or MaintenanceState.Running;

    /// <summary>
    /// The state that the clock asks for. A window that the pool slept through has ended without ever having run; one that was ended early
    /// or cancelled stays that.
    /// </summary>
    public MaintenanceState At(DateTimeOffset now) => !IsPending ? State : now >= End ? MaintenanceState.Ended : now >= Start ? MaintenanceState.Running : State;
}

/// <summary>Which windows may be announced.</summary>
public static class MaintenanceRules
{
    /// <summary>How long beforehand. What cannot wait that long is started at once, as an operator's own decision, and is no window.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromHours(48);

    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>More would make the pool's state large.</summary>
    public const int MostPending = 20;

    /// <summary>Null when the window may be announced; else a code.</summary>
    /// <param name="others">All windows of the pool, whatever became of them.</param>
    public static string? RefusalOf(DateTimeOffset start, DateTimeOffset end, DateTimeOffset now, IEnumerable<MaintenanceWindow> others)
    {
        if (end <= start)
            return "window_empty";
        if (end - start > Longest)
            return "window_too_long";
        if (start < now + Notice)
            return "window_not_announced_in_time";
        var pending = others.Where(window => window.IsPending).ToList();
        if (pending.Exists(window => start < window.End && window.Start < end))
            return "window_overlaps";
        return pending.Count >= MostPending ? "too_many_windows" : null;
    }
}
