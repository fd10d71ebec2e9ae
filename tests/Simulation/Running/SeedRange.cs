using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.Workload;

namespace CocoonPool.PoolSimulation.Running;

/// <summary>Runs many seeds, each on one thread.</summary>
public static class SeedRange
{
    /// <summary>The failing verdicts by seed, and what happened in all runs together.</summary>
    /// <param name="finished">Called after each seed, by one thread at a time.</param>
    public static (IReadOnlyList<Verdict> Failing, SeedFigures Figures) Run(
        IEnumerable<ulong> seeds, DeliberateBug? bug, int atOnce, Action<Verdict> finished, CancellationToken cancellationToken)
    {
        var failing = new List<Verdict>();
        var figures = SeedFigures.None;
        var gate = new Lock();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, seed =>
        {
            var verdict = SeedRun.Of(ScenarioGenerator.Of(seed), bug);
            lock (gate)
            {
                figures += verdict.Figures;
                if (!verdict.Ok)
                    failing.Add(verdict);
                finished(verdict);
            }
        });
        return ([.. failing.OrderBy(v => v.Scenario.Seed)], figures);
    }

    /// <summary>The first seed at or after this one with which the auditor objects, or null when none of so many does.</summary>
    public static Verdict? FirstFailing(ulong from, int most, DeliberateBug? bug)
    {
        for (var seed = from; seed < from + (ulong)most; seed++)
        {
            if (SeedRun.Of(ScenarioGenerator.Of(seed), bug) is { Ok: false } verdict)
                return verdict;
        }

        return null;
    }
}
