using System.CommandLine;
using System.Diagnostics;
using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.Running;

namespace CocoonPool.PoolSimulation.Commands;

/// <summary>The command line of the simulation.</summary>
public static class SimCommand
{
    private const int MinimizingRuns = 300;
    private const int MostReports = 3;

    private const string About =
        """
        Runs the whole pool through simulated months: all grains, a database and a chain in memory, faults at every await, message and store
        operation, and an independent auditor. Exit code 1 when the auditor objects; a failing seed is made smaller and printed.

        Examples:
          ./cocoon sim                                   200 seeds
          ./cocoon sim --seeds 10000 --from 1            many more
          ./cocoon sim --seed 42                         one seed, in detail
          ./cocoon sim --bug replan-after-crash          shows that the auditor sees a deliberate bug
          ./cocoon sim --bugs                            lists the deliberate bugs
        """;

    public static RootCommand Build(TextWriter output)
    {
        var seeds = new Option<int>("--seeds") { Description = "how many seeds", DefaultValueFactory = _ => 200 };
        var from = new Option<ulong>("--from") { Description = "the first seed", DefaultValueFactory = _ => 1 };
        var one = new Option<ulong?>("--seed") { Description = "this seed alone, with its figures" };
        var bugName = new Option<string?>("--bug") { Description = "plant a deliberate bug (--bugs lists them); succeeds when the auditor objects", HelpName = "name" };
        bugName.AcceptOnlyFromAmong([.. AllBugs.List.Select(b => b.Name)]);
        var list = new Option<bool>("--bugs") { Description = "list the deliberate bugs" };
        var trace = new Option<int>("--trace") { Description = "how many of the last steps to print of a failing seed", DefaultValueFactory = _ => 40 };
        var keep = new Option<bool>("--as-it-is") { Description = "do not make failing seeds smaller" };
        var atOnce = new Option<int>("--at-once") { Description = "seeds at the same time", DefaultValueFactory = _ => Environment.ProcessorCount };
        var engine = new Option<string>("--engine") { Description = "only the local engine can be simulated", DefaultValueFactory = _ => "local" };
        engine.AcceptOnlyFromAmong("local");
        var root = new RootCommand(About) { seeds, from, one, bugName, list, trace, keep, atOnce, engine };
        root.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(list))
                return Task.FromResult(ListBugs(output));
            var bug = parsed.GetValue(bugName) is { } name ? AllBugs.Find(name) : null;
            var first = parsed.GetValue(one) ?? parsed.GetValue(from);
            var count = parsed.GetValue(one) is null ? parsed.GetValue(seeds) : 1;
            var printed = new Printed(output, parsed.GetValue(trace), parsed.GetValue(keep), bug);
            return Task.FromResult(Run(printed, first, count, Math.Max(1, parsed.GetValue(atOnce)), cancellationToken));
        });
        return root;
    }

    private static int ListBugs(TextWriter output)
    {
        foreach (var bug in AllBugs.List)
            output.WriteLine($"{bug.Name,-28} {bug.Mistake}");
        return 0;
    }

    private static int Run(Printed printed, ulong first, int count, int atOnce, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (printed.Bug is not null)
            return Caught(printed, first, count);
        var done = 0;
        var (failing, figures) = SeedRange.Run(Enumerable.Range(0, count).Select(i => first + (ulong)i), null, atOnce, verdict =>
        {
            if (!verdict.Ok)
                printed.Output.WriteLine($"seed {verdict.Scenario.Seed}: {verdict.Objections[0]}");
            if (++done % 100 == 0 && done < count)
                printed.Output.WriteLine($"{done} of {count} seeds, {done / Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} a second");
        }, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var verdict in failing.Take(MostReports))
            printed.Report(verdict);
        printed.Output.WriteLine(
            $"{count} seeds in {seconds:0.0} s: {figures.Steps} steps, {figures.Faults} faults, {figures.Crashes} crashes, {figures.Epochs} epochs ({figures.Settled} settled), "
            + $"{figures.Contributions} contributions, {figures.LedgerLines} ledger lines, {figures.Payments} payouts.");
        printed.Output.WriteLine(failing.Count == 0 ? "The auditor has no objection." : $"The auditor objects to {failing.Count} seeds: {string.Join(", ", failing.Take(20).Select(v => v.Scenario.Seed))}");
        return failing.Count == 0 ? 0 : 1;
    }

    private static int Caught(Printed printed, ulong first, int count)
    {
        if (SeedRange.FirstFailing(first, count, printed.Bug) is not { } verdict)
        {
            printed.Output.WriteLine($"{printed.Bug} was not caught with {count} seeds.");
            return 1;
        }

        printed.Report(verdict);
        printed.Output.WriteLine($"{printed.Bug} was caught with seed {verdict.Scenario.Seed}.");
        return 0;
    }

    private sealed record Printed(TextWriter Output, int TraceEntries, bool AsItIs, DeliberateBug? Bug)
    {
        public void Report(Verdict verdict) =>
            FailureReport.Write(Output, verdict, AsItIs ? verdict : new Minimizer(Bug, MinimizingRuns).Minimize(verdict), TraceEntries);
    }
}
