using CocoonPool.Bench.Results;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Harness;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Soak">How long endurance is measured; null for something short.</param>
/// <param name="Folder">Where results are kept; null when a quick run keeps none.</param>
/// <param name="CompareWith">An older results file, or null.</param>
/// <param name="Tolerance">See <see cref="Comparison.Between"/>.</param>
public sealed record BenchOptions(bool Check, string? CompareWith, double Tolerance, bool Quick, string? Folder, TimeSpan? Soak = null);

/// <summary><c>./cocoon bench</c>: runs the benchmarks one after the other, keeps and shows what they found, and judges it if asked to.</summary>
public sealed class BenchRun(Checkout checkout, Report report, TimeProvider time, string engine)
{
    /// <returns>0, or 1 when a benchmark failed, a must was missed with --check, or something regressed with --compare.</returns>
    public async Task<int> Run(BenchOptions options, IReadOnlyList<IBenchmark> benchmarks, CancellationToken cancellationToken)
    {
        // Read first: an unreadable file shall not be found out after an hour.
        var older = options.CompareWith is null ? null : await ResultsFile.Read(options.CompareWith);
        var at = time.GetUtcNow();
        var run = new Run($"{at.UtcDateTime:yyyyMMdd-HHmmss}", at, await GitState.Of(checkout.Root, cancellationToken), options.Quick, await Machine.This(cancellationToken));
        var (results, failed) = await Measure(options, benchmarks, run, cancellationToken);
        report.Line();
        report.Table(ScreenReport.Of(results));
        if (results.Count > 0 && options.Folder is { } folder)
            await Keep(folder, run, results);
        var regressed = older is not null && ShowChanges(Comparison.Between(older, run.Machine, results, options.Tolerance));
        var missed = results.Where(result => result.Verdict == Goals.Verdict.MissesMust).ToList();
        foreach (var result in missed)
            report.Problem($"{result.What} ({result.Engine}) misses its must{(result.Broken is null ? "" : ": " + result.Broken)}");
        return failed || regressed || (options.Check && missed.Count > 0) ? 1 : 0;
    }

    private async Task<(IReadOnlyList<Result> Results, bool Failed)> Measure(
        BenchOptions options, IReadOnlyList<IBenchmark> benchmarks, Run run, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        var failed = false;
        await using var context = new BenchContext(checkout, options.Quick, line => report.Line("    " + line), cancellationToken) { Soak = options.Soak };
        foreach (var benchmark in benchmarks)
        {
            report.Line($"· {benchmark.Name}: {benchmark.Summary} …");
            var start = time.GetTimestamp();
            try
            {
                var measured = await benchmark.Run(context);
                results.AddRange(measured.Select(one => Result.Of(one, benchmark, engine, run.Id)));
                report.Success($"{benchmark.Name} in {report.Seconds(start)}");
            }
            catch (NotMeasurableException missing)
            {
                report.Line($"- {benchmark.Name} was not measured: {missing.Message}");
            }
            catch (Exception bug) when (bug is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One benchmark that breaks must not cost the figures of the others.
                failed = true;
                report.Problem($"{benchmark.Name} failed after {report.Seconds(start)}: {bug}");
            }
        }

        return (results, failed);
    }

    private async Task Keep(string folder, Run run, IReadOnlyList<Result> results)
    {
        Directory.CreateDirectory(folder);
        var json = Path.Combine(folder, "results.json");
        var file = (await ResultsFile.Read(json)).With(run, results);
        await File.WriteAllTextAsync(json, file.ToJson());
        await File.WriteAllTextAsync(Path.Combine(folder, "RESULTS.md"), MarkdownReport.Of(file));
        report.Line($"Kept in {Path.Combine(folder, "RESULTS.md")} and results.json.");
    }

    private bool ShowChanges(IReadOnlyList<Change> changes)
    {
        report.Heading("Against the older results");
        report.Table(ScreenReport.Of(changes));
        return changes.Any(change => change.IsRegression);
    }
}
