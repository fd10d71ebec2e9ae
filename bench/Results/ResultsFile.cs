using System.Text.Json;
using System.Text.Json.Serialization;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Results;

/// <summary>What <c>bench/results.json</c> holds: the newest figure of every row, each with the run that measured it.</summary>
public sealed record ResultsFile(IReadOnlyList<Run> Runs, IReadOnlyList<Result> Results)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        // Units and names are read by people too: "≥" is better than its escape.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ResultsFile Empty { get; } = new([], []);

    /// <summary>A file that does not exist is empty.</summary>
    /// <exception cref="JsonException">The file is no results file.</exception>
    public static async Task<ResultsFile> Read(string path) =>
        File.Exists(path) ? Parse(await File.ReadAllTextAsync(path)) : Empty;

    public static ResultsFile Parse(string text) => JsonSerializer.Deserialize<ResultsFile>(text, Json) ?? Empty;

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>
    /// This file with the newer rows in it. Rows that were not measured again stay with the run, and so with the date and the
    /// machine, that they came from; runs that no row needs any more go.
    /// </summary>
    public ResultsFile With(Run run, IReadOnlyList<Result> measured)
    {
        var replaced = measured.Select(result => (result.Row, result.Engine)).ToHashSet();
        Result[] results = [.. Results.Where(result => !replaced.Contains((result.Row, result.Engine))), .. measured];
        var needed = results.Select(result => result.Run).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. Runs.Append(run).Where(one => needed.Contains(one.Id)).DistinctBy(one => one.Id, StringComparer.Ordinal).OrderBy(one => one.At)],
            [.. results.OrderBy(Place).ThenBy(result => result.Room, StringComparer.Ordinal).ThenBy(result => result.Row, StringComparer.Ordinal).ThenBy(result => result.Engine, StringComparer.Ordinal)]);
    }

    private static int Place(Result result) => Goal.Of(result.Row) is { } goal ? Goal.All.ToList().IndexOf(goal) : int.MaxValue;
}

/// <summary>One start of the benchmarks.</summary>
/// <param name="Commit">What was measured, short; with "+" when the working tree had changes that are not committed.</param>
/// <param name="IsQuick">Small sizes and few rounds: such figures are not to be quoted.</param>
public sealed record Run(string Id, DateTimeOffset At, string Commit, bool IsQuick, Machine Machine);

/// <summary>One row's figure as it was measured.</summary>
/// <param name="Engine">The grain engine of the build, or "–" when it does not matter.</param>
/// <param name="Run">The <see cref="Run.Id"/> of the run that measured it.</param>
public sealed record Result(
    string Row, string Engine, string Room, string What, string Unit, Better Better, Sample Figure, Sample? Reference, string ComparedWith,
    string? Broken, string? Note, string Run)
{
    public const string AnyEngine = "–";

    /// <summary>Figure over reference, round by round; null without a reference.</summary>
    public Sample? Ratio => Reference is null ? null : Figure.Over(Reference);

    [JsonIgnore]
    public Verdict Verdict => Goal.Of(Row) is { } goal ? Verdicts.Judge(goal, Figure.Median, Ratio?.Median, Broken) : Broken is null ? Verdict.None : Verdict.MissesMust;

    public static Result Of(Measurement measured, IBenchmark benchmark, string engine, string run) => new(
        measured.Row.Key, benchmark.DependsOnEngine ? engine : AnyEngine, benchmark.Room, measured.Row.What, measured.Row.Unit, measured.Row.Better,
        measured.Figure, measured.Reference, measured.Row.ComparedWith, measured.Broken, measured.Note, run);
}
