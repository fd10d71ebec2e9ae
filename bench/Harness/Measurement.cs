namespace CocoonPool.Bench.Harness;

/// <summary>What one benchmark found for one row.</summary>
/// <param name="Reference">What it is compared with, measured in the same rounds; null when there is nothing to run.</param>
public sealed record Measurement(Row Row, Sample Figure, Sample? Reference = null)
{
    /// <summary>A condition of the row that did not hold, in words ("3 deadlocks", "99.2 % of requests succeeded"): its must is missed, whatever the figure.</summary>
    public string? Broken { get; init; }

    /// <summary>What a reader must know to read the figure, such as the size of what was measured.</summary>
    public string? Note { get; init; }
}
