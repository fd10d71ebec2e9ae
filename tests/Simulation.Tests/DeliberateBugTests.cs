using CocoonPool.PoolSimulation.Commands;
using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.Running;

namespace CocoonPool.PoolSimulation.Tests;

/// <summary>The harness can fail: each mistake that somebody could make is seen.</summary>
public sealed class DeliberateBugTests
{
    private const int WithinSeeds = 200;

    public static TheoryData<string> Names => [.. AllBugs.List.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bug_IsCaught(string name)
    {
        var bug = AllBugs.Find(name)!;

        var caught = SeedRange.FirstFailing(bug.SeenWith, 1, bug) ?? SeedRange.FirstFailing(1, WithinSeeds, bug);

        caught.ShouldNotBeNull($"'{name}' passed {WithinSeeds} seeds unseen");
    }

    [Fact]
    public void FailingSeed_IsMadeSmaller_AndReportedWithItsTrace()
    {
        var bug = AllBugs.Find("missing-deduplication");
        var failing = SeedRange.FirstFailing(1, WithinSeeds, bug)!;

        var smallest = new Minimizer(bug, mostRuns: 40).Minimize(failing);

        smallest.Ok.ShouldBeFalse();
        smallest.Scenario.Operations.Length.ShouldBeLessThan(failing.Scenario.Operations.Length / 2);
        using var text = new StringWriter();
        FailureReport.Write(text, failing, smallest, traceEntries: 5);
        text.ToString().ShouldContain($"./cocoon sim --seed {failing.Scenario.Seed}");
        text.ToString().ShouldContain("is recorded twice");
    }
}
