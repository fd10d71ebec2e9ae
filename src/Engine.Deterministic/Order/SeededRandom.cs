namespace CocoonPool.Engine.Deterministic;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014). Our own dozen lines rather than <see cref="Random"/>, because the sequence of a
/// seed must be the same on every machine and under every later version of the framework.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, but without, <paramref name="below"/>, which must be positive.</summary>
    public int Next(int below) => (int)(((UInt128)NextBits() * (uint)below) >> 64);

    /// <summary>A number from 0 up to, but without, <paramref name="below"/>, which must be positive.</summary>
    public long Next(long below) => (long)(((UInt128)NextBits() * (ulong)below) >> 64);

    /// <summary>True with the given probability. Asking for an impossible thing draws nothing.</summary>
    public bool Chance(double probability) => probability > 0 && (NextBits() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>A span above zero and up to <paramref name="longest"/>.</summary>
    public TimeSpan Span(TimeSpan longest) => TimeSpan.FromTicks(1 + Next(Math.Max(1, longest.Ticks)));

    /// <summary>One of the elements.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];
}
