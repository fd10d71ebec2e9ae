using CocoonPool.PoolSimulation.Running;
using CocoonPool.PoolSimulation.Workload;

namespace CocoonPool.PoolSimulation.Tests;

/// <summary>The pool as it is, through 200 months in which everything goes wrong.</summary>
public sealed class SimulatedMonths
{
    [Fact]
    public void TwoHundredSeeds_LeaveTheAuditorWithoutObjection()
    {
        var (failing, figures) = SeedRange.Run(Enumerable.Range(1, 200).Select(seed => (ulong)seed), null, Environment.ProcessorCount, _ => { }, TestContext.Current.CancellationToken);

        failing.Select(v => $"./cocoon sim --seed {v.Scenario.Seed}: {v.Objections[0]}").ShouldBeEmpty();

        // A month in which nothing happens would be without objection too.
        figures.Settled.ShouldBeGreaterThan(200 * 8);
        figures.Payments.ShouldBeGreaterThan(200 * 10);
        figures.Contributions.ShouldBeGreaterThan(200 * 50);
        figures.Crashes.ShouldBeGreaterThan(200 * 5);
    }

    [Fact]
    public void OneSeed_GivesTheSameRunTwice()
    {
        var first = SeedRun.Of(ScenarioGenerator.Of(2));
        var again = SeedRun.Of(ScenarioGenerator.Of(2));

        again.TraceHash.ShouldBe(first.TraceHash);
        again.Figures.ShouldBe(first.Figures);
    }
}
