namespace CocoonPool.Chaos.Growth;

/// <summary>A service's resources at one moment, with everything it started.</summary>
/// <param name="Life">Which start of the service this is: what a process holds begins anew with each.</param>
/// <param name="Seconds">Since the measurement began.</param>
/// <param name="Age">Seconds since this life was first seen.</param>
public sealed record Sample(int Life, double Seconds, double Age, double MemoryMebibytes, double Descriptors);

/// <summary>One service over the whole run.</summary>
public sealed record ServiceSeries(string Service, IReadOnlyList<Sample> Samples)
{
    /// <summary>A runtime that warms up grows; what it takes in its first minute says nothing about hours.</summary>
    private const double WarmUpSeconds = 60;

    /// <summary>A slope over less than this says nothing about hours either.</summary>
    private const double LeastObservedSeconds = 240;

    public int Lives => Samples.Select(s => s.Life).Distinct().Count();

    /// <summary>Seconds over which growth could be seen.</summary>
    public double Observed => Grown.GroupBy(s => s.Life).Sum(life => life.Max(s => s.Age) - life.Min(s => s.Age));

    /// <summary>MiB per hour; null when too little could be observed.</summary>
    public double? MemoryGrowth => Slope(s => s.MemoryMebibytes);

    /// <summary>Descriptors per hour; null when too little could be observed.</summary>
    public double? DescriptorGrowth => Slope(s => s.Descriptors);

    private IEnumerable<Sample> Grown => Samples.Where(s => s.Age >= WarmUpSeconds);

    /// <summary>One slope for all lives, by least squares, each life with a beginning of its own.</summary>
    private double? Slope(Func<Sample, double> value)
    {
        if (Observed < LeastObservedSeconds)
            return null;
        var (together, square) = (0.0, 0.0);
        foreach (var life in Grown.GroupBy(s => s.Life))
        {
            var (meanAge, mean) = (life.Average(s => s.Age), life.Average(value));
            together += life.Sum(s => (s.Age - meanAge) * (value(s) - mean));
            square += life.Sum(s => (s.Age - meanAge) * (s.Age - meanAge));
        }

        return square > 0 ? 3_600 * together / square : null;
    }
}
