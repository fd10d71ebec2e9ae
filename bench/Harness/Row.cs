namespace CocoonPool.Bench.Harness;

/// <summary>One line of the table: what is measured, and what it must and should reach.</summary>
/// <param name="Key">Stable and unique, for <c>results.json</c> and comparisons with older ones; lower case with hyphens.</param>
/// <param name="Unit">Of the figure and its reference, for instance "ms" or "calls/s".</param>
public sealed record Row(string Key, string What, string Unit, Better Better)
{
    /// <summary>What the reference is; with a reference measured in the same rounds it gives the ratio.</summary>
    public string ComparedWith { get; init; } = "";

    /// <summary>All of these must hold.</summary>
    public IReadOnlyList<Bound> Must { get; init; } = [];

    /// <summary>All of these should hold.</summary>
    public IReadOnlyList<Bound> Aim { get; init; } = [];

    /// <param name="figure">One value per round.</param>
    /// <param name="reference">The same number of rounds, measured in turns with the figure.</param>
    public Measurement Measured(Sample figure, Sample? reference = null) => new(this, figure, reference);
}

/// <summary>In which direction a figure improves.</summary>
public enum Better
{
    Higher,
    Lower,
}

/// <summary>A limit of a row.</summary>
/// <param name="Limit">A ratio, or an amount in the row's unit.</param>
public sealed record Bound(BoundOn On, BoundSense Sense, double Limit)
{
    /// <summary>
    /// Whether <c>--check</c> may fail because of it. Speeds and times belong to a machine: they are reported beside the bound,
    /// and nothing fails because a machine is slow.
    /// </summary>
    public bool IsAsserted => On != BoundOn.Speed;

    public bool Holds(double figure, double? ratio)
    {
        var value = On == BoundOn.Ratio ? ratio : figure;
        return value is { } known && Sense switch
        {
            BoundSense.AtMost => known <= Limit,
            BoundSense.Below => known < Limit,
            _ => known >= Limit,
        };
    }
}

/// <summary>What a bound looks at.</summary>
public enum BoundOn
{
    /// <summary>Figure divided by reference: the same on any machine, more or less.</summary>
    Ratio,

    /// <summary>The figure, which does not depend on the machine's speed: memory, a fee.</summary>
    Amount,

    /// <summary>The figure, a time or a rate.</summary>
    Speed,
}

/// <summary>How a bound compares.</summary>
public enum BoundSense
{
    AtMost,
    Below,
    AtLeast,
}
