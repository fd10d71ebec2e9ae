using System.Text;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Results;

/// <summary>Writes <c>bench/RESULTS.md</c>: what people read. Only what was measured has a row.</summary>
public static class MarkdownReport
{
    public static string Of(ResultsFile file)
    {
        var text = new StringBuilder("# Measured figures\n\n");
        text.Append("Written by `./cocoon bench` beside `results.json`; not edited by hand. Each figure is the median of its rounds, with the least and the\n");
        text.Append("greatest round in brackets. A ratio is figure over reference, both measured in turns within the same seconds. Times and rates\n");
        text.Append("belong to the machine of their run; ratios, amounts and fees hardly do, and only those make `./cocoon bench --check` fail.\n");
        var numbers = file.Runs.Select((run, index) => (run.Id, Number: index + 1)).ToDictionary(run => run.Id, run => run.Number, StringComparer.Ordinal);
        var goals = file.Results.Where(result => Goal.Of(result.Row) is not null).ToList();
        if (goals.Count > 0)
            Promised(text, goals, numbers);
        foreach (var room in file.Results.Except(goals).GroupBy(result => result.Room, StringComparer.Ordinal))
            Others(text, room, numbers);
        var missing = Goal.All.Where(goal => !goals.Any(result => string.Equals(result.Row, goal.Key, StringComparison.Ordinal))).ToList();
        if (missing.Count > 0)
            text.Append($"\nNot measured yet: {string.Join("; ", missing.Select(goal => goal.What))}.\n");
        Notes(text, file.Results);
        Runs(text, file.Runs);
        return text.ToString();
    }

    private static void Promised(StringBuilder text, IEnumerable<Result> results, Dictionary<string, int> numbers)
    {
        text.Append("\n## Against must and aim\n\n| what | engine | figure | compared with | reference | ratio | must | aim | verdict | run |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var result in results)
        {
            var goal = Goal.Of(result.Row)!;
            Line(text,
                [
                    result.What, result.Engine, $"{Figures.Spread(result.Figure)} {result.Unit}", result.ComparedWith, Reference(result), Ratio(result),
                    Figures.Bounds(goal.Must, goal.Unit), Figures.Bounds(goal.Aim, goal.Unit), Words(result), $"{numbers[result.Run]}",
                ]);
        }
    }

    private static void Others(StringBuilder text, IGrouping<string, Result> room, Dictionary<string, int> numbers)
    {
        text.Append($"\n## {room.Key}\n\n| what | engine | figure | compared with | reference | ratio | run |\n|---|---|---|---|---|---|---|\n");
        foreach (var result in room)
        {
            Line(text,
                [
                    result.What, result.Engine, $"{Figures.Spread(result.Figure)} {result.Unit}", result.ComparedWith, Reference(result), Ratio(result), $"{numbers[result.Run]}",
                ]);
        }
    }

    private static void Notes(StringBuilder text, IReadOnlyList<Result> results)
    {
        var notes = results.Where(result => result.Note is not null).Select(result => $"- {result.What} ({result.Engine}): {result.Note}\n").Distinct(StringComparer.Ordinal).ToList();
        if (notes.Count > 0)
            text.Append($"\n## Notes\n\n{string.Concat(notes)}");
    }

    private static void Runs(StringBuilder text, IReadOnlyList<Run> runs)
    {
        text.Append("\n## Runs\n\n| run | at (UTC) | commit | machine | memory | kernel | .NET | PostgreSQL | Node |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var (run, index) in runs.Select((run, index) => (run, index)))
        {
            var on = run.Machine;
            Line(text,
                [
                    $"{index + 1}{(run.IsQuick ? " (quick: not to be quoted)" : "")}", $"{run.At.UtcDateTime:yyyy-MM-dd HH:mm}", run.Commit, $"{on.Processor}, {on.Cores} cores",
                    $"{on.MemoryMebibytes / 1024.0:0.#} GiB", on.Kernel, on.Dotnet, on.Postgres, on.Node,
                ]);
        }

        text.Append("\nA commit with + had changes that were not committed. PostgreSQL writes durably: fsync and synchronous commit are on.\n");
    }

    private static string Reference(Result result) => result.Reference is { } reference ? $"{Figures.Spread(reference)} {result.Unit}" : "";

    private static string Ratio(Result result) => result.Ratio is { } ratio ? Figures.Spread(ratio) + "×" : "";

    private static string Words(Result result) => Verdicts.InWords(result.Verdict) + (result.Broken is null ? "" : ": " + result.Broken);

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
}
