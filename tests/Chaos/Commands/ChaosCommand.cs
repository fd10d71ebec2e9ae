using System.CommandLine;
using System.Security.Cryptography;
using CocoonPool.Chaos.Growth;
using CocoonPool.Chaos.Reporting;
using CocoonPool.Chaos.Running;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Commands;

/// <summary>The command line of the chaos harness.</summary>
public static class ChaosCommand
{
    private const int MostShown = 10;

    private const string About =
        """
        Runs the pool's real processes on this machine (silo, agents, PostgreSQL, chain gateway, local chain) under load and harms them: kill -9,
        SIGSTOP, a full disk, cut and stalled connections, moved clocks, slow storage. Then everything must come to its end by itself, and an
        auditor that shares no code with the pool reads the database and the chain. Exit code 1 when it objects.

        Examples:
          ./cocoon chaos                          ten minutes
          ./cocoon chaos --minutes 30 --seed 7    longer; kinds and victims of the harms follow from the seed
          ./cocoon chaos --hours 12               a soak: look at the growth of memory and descriptors in the report
        """;

    public static RootCommand Build(Checkout checkout, TimeProvider time)
    {
        var minutes = new Option<double>("--minutes") { Description = "how long load and harms last", HelpName = "M", DefaultValueFactory = _ => 10 };
        var hours = new Option<double?>("--hours") { Description = "the same in hours, for a soak", HelpName = "N" };
        var seed = new Option<int?>("--seed") { Description = "decides what is done to whom; drawn and printed when left out", HelpName = "S" };
        var state = new Option<string>("--state")
        {
            Description = "the folder of the run, made anew: report.md, growth.svg and logs stay in it", HelpName = "dir",
            DefaultValueFactory = _ => Path.Combine(checkout.Root, ".cocoon", "chaos"),
        };
        var engine = new Option<string>("--engine") { Description = "grain engine: local or orleans", DefaultValueFactory = _ => "local" };
        engine.AcceptOnlyFromAmong("local", "orleans");
        var root = new RootCommand(About) { minutes, hours, seed, state, engine };
        root.SetAction((parsed, cancel) =>
        {
            var duration = parsed.GetValue(hours) is { } long_ ? TimeSpan.FromHours(long_) : TimeSpan.FromMinutes(parsed.GetValue(minutes));
            if (duration < TimeSpan.FromSeconds(10) || duration > TimeSpan.FromDays(7))
                throw new LauncherException("A run lasts from ten seconds to a week.");
            var options = new ChaosOptions(duration, parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1, 1_000_000), Path.GetFullPath(parsed.GetRequiredValue(state)));
            return Run(checkout, options, time, cancel);
        });
        return root;
    }

    private static async Task<int> Run(Checkout checkout, ChaosOptions options, TimeProvider time, CancellationToken cancel)
    {
        var report = new Report(time);
        report.Line($"Seed {options.Seed}.");
        var outcome = await new ChaosRun(checkout, options, report, time).Run(cancel);
        await File.WriteAllTextAsync(options.ReportFile, ChaosReport.Write(outcome), cancel);
        await File.WriteAllTextAsync(options.PlotFile, GrowthPlot.Draw(outcome.Growth), cancel);
        foreach (var impossible in outcome.Impossible)
            report.Line($"· not done here: {impossible}");
        foreach (var objection in outcome.Verdict.Objections.Take(MostShown))
            report.Problem(objection);
        if (outcome.Verdict.Ok)
            report.Success($"The auditor has no objection after {outcome.Books.Harms.Done.Count} harms. Seed {options.Seed}; report: {options.ReportFile}");
        else
            report.Problem($"The auditor objects {outcome.Verdict.Objections.Count} times. Seed {options.Seed}; report: {options.ReportFile}");
        return outcome.Verdict.Ok ? 0 : 1;
    }
}
