using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>The figures of a whole test run.</summary>
public sealed class TestSummary
{
    private readonly List<(string Suite, SuiteResult Result, TimeSpan Took)> _suites = [];

    public bool IsGood => _suites.Count > 0 && _suites.All(suite => suite.Result.IsGood) && Passed > 0;

    /// <summary>A suite that could not be run counts as one failure, so that the closing line never looks good.</summary>
    public int Failed => _suites.Sum(suite => suite.Result.Failed + (suite.Result.NotRun is null ? 0 : 1));

    public int Passed => _suites.Sum(suite => suite.Result.Passed);

    public int Skipped => _suites.Sum(suite => suite.Result.Skipped);

    /// <summary>The closing line that other programs read: nothing else may stand on it.</summary>
    public string ClosingLine => $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");

    public void Add(string suite, SuiteResult result, TimeSpan took) => _suites.Add((suite, result, took));

    public TextTable Table()
    {
        var table = new TextTable(new TextColumn("suite"), new("passed", true), new("failed", true), new("skipped", true), new("time", true), new(""));
        foreach (var (suite, result, took) in _suites)
        {
            table.Add(
                suite, $"{result.Passed}", $"{result.Failed}", $"{result.Skipped}", $"{took.TotalSeconds:0.0} s",
                result.NotRun is null ? result.Passed + result.Failed + result.Skipped == 0 ? "no tests" : "" : "could not be run");
        }

        return table;
    }

    public IEnumerable<(string Suite, SuiteResult Result)> Bad =>
        _suites.Where(suite => !suite.Result.IsGood).Select(suite => (suite.Suite, suite.Result));
}
