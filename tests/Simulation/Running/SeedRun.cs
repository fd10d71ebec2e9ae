using CocoonPool.Engine.Deterministic;
using CocoonPool.PoolSimulation.Audit;
using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.Pool;
using CocoonPool.PoolSimulation.Workload;

namespace CocoonPool.PoolSimulation.Running;

/// <summary>What became of one scenario.</summary>
/// <param name="Objections">The auditor's, in order; none when all is well.</param>
/// <param name="Trace">The last steps before the first objection; kept only when there is one.</param>
public sealed record Verdict(Scenario Scenario, IReadOnlyList<string> Objections, IReadOnlyList<TraceEntry> Trace, ulong TraceHash, SeedFigures Figures)
{
    public bool Ok => Objections.Count == 0;
}

/// <summary>How much happened in one run.</summary>
public sealed record SeedFigures(long Steps, long Faults, int Crashes, int Epochs, int Settled, int Contributions, int LedgerLines, int Payments)
{
    public static readonly SeedFigures None = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static SeedFigures operator +(SeedFigures left, SeedFigures right) => new(
        left.Steps + right.Steps, left.Faults + right.Faults, left.Crashes + right.Crashes, left.Epochs + right.Epochs, left.Settled + right.Settled,
        left.Contributions + right.Contributions, left.LedgerLines + right.LedgerLines, left.Payments + right.Payments);
}

/// <summary>Runs one scenario: a month with faults, then peace, a restart, and the audit.</summary>
public static class SeedRun
{
    private static readonly TraceKind[] FaultKinds =
    [
        TraceKind.Delayed, TraceKind.RequestLost, TraceKind.ResponseLost, TraceKind.StoreRefused, TraceKind.StoreUnacknowledged, TraceKind.StoreSlow,
        TraceKind.TimerLate, TraceKind.ActivationCrash, TraceKind.EngineCrash, TraceKind.ClockJump,
    ];

    public static Verdict Of(Scenario scenario, DeliberateBug? bug = null)
    {
        var pool = new SimulatedPool(scenario.Seed, bug);
        var month = new Month(pool, scenario);
        try
        {
            Live(pool, month, scenario);
        }
        catch (Exception failure) when (failure is not EscapedOrderException)
        {
            pool.Auditor.Object($"the run ended with {failure.GetType().Name}: {failure.Message}");
        }

        var objections = pool.Auditor.Objections;
        return new(scenario, [.. objections], objections.Count == 0 ? [] : [.. pool.Simulation.RecentTrace], pool.Simulation.TraceHash, Figures(pool));
    }

    private static void Live(SimulatedPool pool, Month month, Scenario scenario)
    {
        var (simulation, auditor, chain) = (pool.Simulation, pool.Auditor, pool.Chain);
        simulation.Faults = scenario.Faults;
        (chain.LossRate, chain.DelayRate, chain.DoublingRate) = (scenario.Chain.LossRate, scenario.Chain.DelayRate, scenario.Chain.DoublingRate);
        month.Begin();
        if (simulation.RunUntil(() => auditor.Objects, Scenario.Month))
            return;

        simulation.Faults = Faults.None;
        (chain.LossRate, chain.DelayRate, chain.DoublingRate) = (0, 0, 0);
        if (simulation.RunUntil(() => auditor.Objects, PoolTimes.Peace))
            return;

        month.JudgeWork();

        // What was only in memory is gone now.
        simulation.Restart();
        auditor.Facts.Compare(simulation.Run(month.ReadFacts), auditor.Object);
        var reminders = simulation.Run(() => simulation.Reminders.ReadAllAsync(default));
        auditor.JudgeAtTheEnd(
            simulation.Time.GetUtcNow(), pool.Elapsed, chain, new([.. reminders.Select(r => (r.GrainId.Type, r.GrainId.Key, r.Name))]));
    }

    private static SeedFigures Figures(SimulatedPool pool) => new(
        pool.Simulation.Steps, FaultKinds.Sum(pool.Simulation.Count), (int)pool.Simulation.Count(TraceKind.EngineCrash), pool.Database.Epochs.Rows.Count,
        pool.Database.Epochs.Rows.Count(e => e.Phase == Domain.Epochs.EpochState.Settled), pool.Database.Contributions.Count, pool.Database.Ledger.Lines.Count,
        pool.Chain.Batches.Values.Sum(b => b.Message.Payments.Count));
}
