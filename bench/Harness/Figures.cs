namespace CocoonPool.Bench.Harness;

/// <summary>How numbers are written: three digits that mean something, and no more.</summary>
public static class Figures
{
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1_000_000 => $"{value / 1_000_000:0.##} M",
        >= 10_000 => $"{value / 1_000:0.#} k",
        >= 100 => $"{value:0}",
        >= 10 => $"{value:0.#}",
        >= 0.1 or 0 => $"{value:0.##}",
        _ => $"{value:0.######}",
    };

    /// <summary>The median, with the extremes behind it when there is more than one round.</summary>
    public static string Spread(Sample sample) =>
        sample.Rounds.Count == 1 ? Short(sample.Median) : $"{Short(sample.Median)} ({Short(sample.Min)}–{Short(sample.Max)})";

    public static string Bounds(IReadOnlyList<Bound> bounds, string unit) => string.Join(", ", bounds.Select(bound =>
    {
        var sense = bound.Sense switch { BoundSense.AtMost => "≤", BoundSense.Below => "<", _ => "≥" };
        return $"{sense} {Short(bound.Limit)}{(bound.On == BoundOn.Ratio ? "×" : " " + unit)}";
    }));
}
