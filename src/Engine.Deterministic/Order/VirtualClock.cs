namespace CocoonPool.Engine.Deterministic;

/// <summary>The time of a simulation. Timestamps never jump; the wall clock may. Timers of an engine die with it and may be late.</summary>
internal sealed class VirtualClock(World world, Incarnation? life = null) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => world.WallTime;

    public override long GetTimestamp() => world.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(world, life, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer that fires in the order of the world.</summary>
internal sealed class VirtualTimer(World world, Incarnation? life, TimerCallback callback, object? state) : ITimer
{
    public static readonly IComparer<VirtualTimer> ByDue = Comparer<VirtualTimer>.Create(
        static (a, b) => a.Due == b.Due ? a.Order.CompareTo(b.Order) : a.Due.CompareTo(b.Due));

    public Incarnation? Life { get; } = life;

    /// <summary>Whose timer it is, for people.</summary>
    public string Owner => callback.Method.DeclaringType?.Name ?? "";

    public TimeSpan Due { get; set; }

    public TimeSpan Period { get; private set; }

    /// <summary>Tells timers apart that are due together.</summary>
    public long Order { get; set; } = -1;

    public void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (Life is { IsAlive: false }) return false;
        Period = period;
        if (dueTime == Timeout.InfiniteTimeSpan) world.Unset(this);
        else world.Set(this, world.Now + dueTime + (Life?.Lateness() ?? TimeSpan.Zero));
        return true;
    }

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
