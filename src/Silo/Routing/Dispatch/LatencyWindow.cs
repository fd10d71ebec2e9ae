namespace CocoonPool.Silo.Routing;

/// <summary>The last times to the first token of one model, for the moment at which a second worker is worth asking.</summary>
internal sealed class LatencyWindow
{
    private const int Size = 128;
    private const int Enough = 20;

    private readonly long[] _ticks = new long[Size];
    private readonly Lock _lock = new();
    private int _count;
    private TimeSpan? _p95;

    public TimeSpan? P95
    {
        get
        {
            lock (_lock)
                return _p95;
        }
    }

    /// <summary>Sorted anew with every tenth figure only: it changes slowly.</summary>
    public void Add(TimeSpan time)
    {
        lock (_lock)
        {
            _ticks[_count++ % Size] = time.Ticks;
            if (_count < Enough || _count % 10 != 0)
                return;
            var sorted = _ticks.AsSpan(0, Math.Min(_count, Size)).ToArray();
            Array.Sort(sorted);
            _p95 = TimeSpan.FromTicks(sorted[sorted.Length * 95 / 100]);
        }
    }
}
