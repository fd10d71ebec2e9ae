namespace CocoonPool.Bench.Harness;

/// <summary>One figure, measured once per round. The median is what is reported, the extremes are its spread.</summary>
/// <param name="Rounds">In the order in which they were measured, never empty.</param>
public sealed record Sample(IReadOnlyList<double> Rounds)
{
    public double Median => Percentile(Rounds, 0.5);

    public double Min => Rounds.Min();

    public double Max => Rounds.Max();

    /// <summary>A figure that has no spread, such as a fee that the virtual machine computes.</summary>
    public static Sample Exactly(double value) => new([value]);

    /// <summary>
    /// Round by round, this divided by the other. Both halves of a round were measured one after the other, so what slowed the
    /// machine for a while slowed both: the ratio is steadier than either figure.
    /// </summary>
    public Sample Over(Sample reference) => Rounds.Count == reference.Rounds.Count
        ? new([.. Rounds.Zip(reference.Rounds, (mine, theirs) => mine / theirs)])
        : throw new ArgumentException($"{Rounds.Count} rounds cannot be compared with {reference.Rounds.Count}.", nameof(reference));

    /// <summary>Round by round, this and the other together.</summary>
    public Sample Plus(Sample other) => new([.. Rounds.Zip(other.Rounds, (mine, theirs) => mine + theirs)]);

    /// <summary>The value below which the given share lies, linear between neighbours.</summary>
    /// <param name="share">0 to 1; 0.99 is the 99th percentile.</param>
    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("There is no percentile of nothing.", nameof(values));
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
