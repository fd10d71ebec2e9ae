using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Results;

/// <summary>How a row did against an older file.</summary>
/// <param name="Of">"ratio" or "figure", whichever was compared; null when neither can be.</param>
/// <param name="Better">0.1 is ten percent better, −0.1 ten percent worse; null when nothing can be compared.</param>
/// <param name="WhyNot">Why nothing was compared.</param>
public sealed record Change(Result Now, Result? Before, string? Of, double? Better, string? WhyNot, bool IsRegression);

/// <summary>Compares new results with those of an older file.</summary>
public static class Comparison
{
    /// <summary>
    /// Row by row. Where both have a ratio the ratios are compared, since they hardly depend on the machine; figures are
    /// compared only when one kind of machine measured both.
    /// </summary>
    /// <param name="tolerance">How much worse is still no regression; 0.2 is a fifth.</param>
    public static IReadOnlyList<Change> Between(ResultsFile before, Machine machine, IReadOnlyList<Result> now, double tolerance) =>
        [.. now.Select(result => Of(result, before, machine, tolerance))];

    private static Change Of(Result now, ResultsFile file, Machine machine, double tolerance)
    {
        var before = file.Results.FirstOrDefault(old =>
            string.Equals(old.Row, now.Row, StringComparison.Ordinal) && string.Equals(old.Engine, now.Engine, StringComparison.Ordinal));
        if (before is null)
            return new(now, null, null, null, "not in the older file", false);
        if (now.Broken is not null && before.Broken is null)
            return new(now, before, null, null, now.Broken, true);
        if (now.Ratio is { } ratio && before.Ratio is { } ratioBefore)
            return Judge("ratio", ratio.Median, ratioBefore.Median);
        var there = file.Runs.FirstOrDefault(run => string.Equals(run.Id, before.Run, StringComparison.Ordinal))?.Machine;
        return there is not null && there.IsLike(machine)
            ? Judge("figure", now.Figure.Median, before.Figure.Median)
            : new(now, before, null, null, "measured on another kind of machine", false);

        Change Judge(string what, double value, double old)
        {
            // Both directions as "how many times as good", so that one tolerance means the same for rates and for times.
            var better = (now.Better == Better.Higher ? value / old : old / value) - 1;
            return new(now, before, what, better, null, better < (1 / (1 + tolerance)) - 1);
        }
    }
}
