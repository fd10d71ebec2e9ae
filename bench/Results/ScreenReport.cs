using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.Bench.Results;

/// <summary>The tables that a run ends with.</summary>
public static class ScreenReport
{
    public static TextTable Of(IReadOnlyList<Result> results)
    {
        var table = new TextTable(
            new("what"), new("engine"), new("figure (min–max)", IsNumber: true), new("compared with"), new("ratio", IsNumber: true), new("must"), new("aim"), new("verdict"));
        foreach (var result in results)
        {
            var goal = Goal.Of(result.Row);
            table.Add(
                result.What, result.Engine, $"{Figures.Spread(result.Figure)} {result.Unit}",
                result.Reference is { } reference ? $"{result.ComparedWith}: {Figures.Short(reference.Median)}" : result.ComparedWith,
                result.Ratio is { } ratio ? Figures.Spread(ratio) + "×" : "",
                goal is null ? "" : Figures.Bounds(goal.Must, goal.Unit), goal is null ? "" : Figures.Bounds(goal.Aim, goal.Unit),
                Verdicts.InWords(result.Verdict) + (result.Broken is null ? "" : ": " + result.Broken));
        }

        return table;
    }

    public static TextTable Of(IReadOnlyList<Change> changes)
    {
        var table = new TextTable(new("what"), new("engine"), new("before", IsNumber: true), new("now", IsNumber: true), new("change", IsNumber: true), new(""));
        foreach (var change in changes)
        {
            var byRatio = string.Equals(change.Of, "ratio", StringComparison.Ordinal);
            table.Add(
                change.Now.What, change.Now.Engine, Shown(change.Before, byRatio), Shown(change.Now, byRatio),
                change.Better is { } better ? $"{better:+0.0 %;-0.0 %}" : "", change.IsRegression ? "regression" + (change.WhyNot is null ? "" : ": " + change.WhyNot) : change.WhyNot ?? "");
        }

        return table;
    }

    private static string Shown(Result? result, bool ratio) => result switch
    {
        null => "",
        { Ratio: { } known } when ratio => Figures.Short(known.Median) + "×",
        _ => $"{Figures.Short(result.Figure.Median)} {result.Unit}",
    };
}
