namespace CocoonPool.Security.Tests.Host;

/// <summary>The real clock, moved forward when a test asks for it: tokens expire and locks open without waiting.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    /// <summary>Back to the real time, for tests with processes that have no other.</summary>
    public void Reset() => Interlocked.Exchange(ref _ticks, 0);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
