using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>One thing that can be tested by itself: how it is run, and how its report is read.</summary>
/// <param name="Command">Makes the command; gets the report's path and, when single tests are wanted, a part of their name.</param>
public sealed record TestSuite(
    string Name,
    string Directory,
    Func<string, string?, IReadOnlyList<string>> Command,
    Func<string, SuiteResult> Parse)
{
    public Func<string, IReadOnlyDictionary<string, string>> Environment { get; init; } =
        _ => new Dictionary<string, string>(StringComparer.Ordinal);

    public async Task<(SuiteResult Result, string Output)> Run(
        string reports, string? test, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var report = Path.Combine(reports, Name.Replace('/', '-') + ".xml");
        File.Delete(report);
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        foreach (var (name, value) in Environment(report))
            variables[name] = value;

        var run = await CommandRun.Of(Command(report, test), cancellationToken, Directory, variables);
        var output = run.Output + run.Error;
        if (!File.Exists(report))
            return (SuiteResult.CouldNotRun($"it ended with exit code {run.ExitCode} and no report"), output);
        var result = Parse(await File.ReadAllTextAsync(report, cancellationToken));
        // A runner that fails without naming a failed test has crashed after writing its report.
        if (run.ExitCode != 0 && result.IsGood && result.Passed + result.Skipped > 0)
            result = result with { NotRun = $"it ended with exit code {run.ExitCode} although no test failed" };
        return (result, output);
    }
}
