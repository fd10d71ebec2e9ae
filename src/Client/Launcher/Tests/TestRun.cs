using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary><c>./cocoon test</c>: every suite one after the other, since each of them already uses all cores.</summary>
public sealed class TestRun(Checkout checkout, StateDirectory state, Report report, TimeProvider time)
{
    private const int OutputLinesShown = 60;

    public async Task<int> Run(string? filter, CancellationToken cancellationToken)
    {
        await new ServiceStop(state.Run, time).StopAll();
        state.Create();
        var (suites, test) = Select(TestSuites.Of(checkout), filter);
        var summary = new TestSummary();
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var environment = await StartPostgres(cancellationToken);
            foreach (var suite in suites)
            {
                report.Line($"· {suite.Name} …");
                var start = time.GetTimestamp();
                var (result, output) = await suite.Run(state.Logs, test, environment, cancellationToken);
                summary.Add(suite.Name, result, time.GetElapsedTime(start));
                outputs[suite.Name] = output;
                await File.WriteAllTextAsync(state.Log("test-" + suite.Name), output, cancellationToken);
                var line = $"{suite.Name}: {result.Passed} passed, {result.Failed} failed{(result.Skipped > 0 ? $", {result.Skipped} skipped" : "")} in {report.Seconds(start)}";
                if (result.IsGood)
                    report.Success(line);
                else
                    report.Problem(result.NotRun is null ? line : $"{suite.Name} could not be run: {result.NotRun}");
            }
        }
        finally
        {
            await new ServiceStop(state.Run, time).StopAll();
        }

        ShowFailures(summary, outputs);
        report.Line();
        report.Table(summary.Table());
        if (summary.Passed + summary.Failed == 0)
            report.Line(filter is null ? "No test was run." : $"No test matches \"{filter}\".");
        report.Line(summary.ClosingLine);
        return summary.IsGood ? 0 : 1;
    }

    /// <summary>A filter that is part of a suite's name selects that suite; any other selects tests by their names.</summary>
    public static (IReadOnlyList<TestSuite> Suites, string? Test) Select(IReadOnlyList<TestSuite> suites, string? filter)
    {
        if (string.IsNullOrEmpty(filter))
            return (suites, null);
        var named = suites.Where(suite => suite.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        return named.Count > 0 ? (named, null) : (suites, filter);
    }

    /// <summary>One private server for all suites: starting one per project costs seconds each.</summary>
    private async Task<IReadOnlyDictionary<string, string>> StartPostgres(CancellationToken cancellationToken)
    {
        var cluster = await PostgresCluster.Prepare(state, new SecretFiles(state), report.Line, time, cancellationToken);
        await report.Step("PostgreSQL for the tests", () => new Supervisor(state, time).Start(cluster.Service(), cancellationToken));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["COCOON_TEST_POSTGRES"] = cluster.ConnectionTo("postgres"),
            ["COCOON_POSTGRES_BIN"] = PostgresBinaries.Find().Directory,
        };
    }

    private void ShowFailures(TestSummary summary, Dictionary<string, string> outputs)
    {
        foreach (var (suite, result) in summary.Bad)
        {
            report.Heading($"{suite}: what failed");
            foreach (var failure in result.Failures)
            {
                report.Problem(failure.Test);
                report.Line("    " + failure.Detail.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal));
            }

            if (result.NotRun is not null)
                report.Line($"{result.NotRun}; the end of its output:\n{string.Join('\n', outputs[suite].TrimEnd().Split('\n').TakeLast(OutputLinesShown))}");
        }
    }
}
