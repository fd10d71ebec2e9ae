using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Bench.Results;

namespace CocoonPool.Bench.Tests;

/// <summary>Results as a run would have left them.</summary>
internal static class Samples
{
    public static readonly Machine Small = new("a small one", 2, 8192, "6.1", "10.0.0", "15.4", "v20.1.0");

    public static Run Run(string id, int day, Machine? machine = null) =>
        new(id, new DateTimeOffset(2026, 1, day, 12, 0, 0, TimeSpan.Zero), "abc1234567", IsQuick: false, machine ?? Small);

    /// <summary>A row with a promise, whose ratio is the figure divided by the reference.</summary>
    public static Result HotAccount(string run, double figure, double reference, string engine = "local") =>
        Of(Goal.HotAccount, run, engine, new Sample([figure]), new Sample([reference]));

    public static Result Calls(string run, double figure, string engine = "local") =>
        Of(new Row("engine-call-1", "calls", "calls/s", Better.Higher), run, engine, new Sample([figure]), null);

    public static Result Of(Row row, string run, string engine, Sample figure, Sample? reference) =>
        new(row.Key, engine, "Room", row.What, row.Unit, row.Better, figure, reference, row.ComparedWith, null, null, run);
}
