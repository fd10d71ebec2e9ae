namespace CocoonPool.Client.Launcher.Tests;

/// <summary>What one suite of tests reported.</summary>
/// <param name="NotRun">Why the suite could not be run, or null. A suite that did not run is a failure, never nothing.</param>
public sealed record SuiteResult(int Passed, int Failed, int Skipped, IReadOnlyList<TestFailure> Failures, string? NotRun = null)
{
    public static SuiteResult CouldNotRun(string reason) => new(0, 0, 0, [], reason);

    public bool IsGood => Failed == 0 && NotRun is null;
}

public sealed record TestFailure(string Test, string Detail);
