using CocoonPool.Engine.Deterministic;
using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.Workload;

namespace CocoonPool.PoolSimulation.Running;

/// <summary>
/// Makes a failing scenario smaller: without kinds of faults, then without operations, half of them at a time and in the end one by one.
/// Whatever is taken out changes the order of everything else, so a smaller scenario may fail in another way; it is kept if it fails.
/// </summary>
public sealed class Minimizer(DeliberateBug? bug, int mostRuns)
{
    private static readonly (string Name, Func<Faults, Faults> Without)[] Kinds =
    [
        ("engine crashes", f => f with { EngineCrash = 0 }),
        ("activation crashes", f => f with { ActivationCrash = 0 }),
        ("lost messages", f => f with { RequestLost = 0, ResponseLost = 0 }),
        ("late messages and timers", f => f with { MessageDelayed = 0, TimerLate = 0 }),
        ("refusing stores", f => f with { StoreRefused = 0 }),
        ("stores that do not answer", f => f with { StoreUnacknowledged = 0 }),
        ("slow stores", f => f with { StoreSlow = 0 }),
    ];

    private int _runs;

    /// <summary>The smallest failing verdict that was found; the given one when nothing could be taken out.</summary>
    public Verdict Minimize(Verdict failing)
    {
        failing = Try(failing, failing.Scenario with { Chain = new(0, 0, 0) });
        foreach (var (_, without) in Kinds)
            failing = Try(failing, failing.Scenario with { Faults = without(failing.Scenario.Faults) });
        for (var size = failing.Scenario.Operations.Length / 2; size >= 1 && _runs < mostRuns; size /= 2)
        {
            for (var at = 0; at < failing.Scenario.Operations.Length && _runs < mostRuns;)
            {
                var fewer = failing.Scenario.Operations.RemoveRange(at, Math.Min(size, failing.Scenario.Operations.Length - at));
                var tried = Try(failing, failing.Scenario with { Operations = fewer });
                if (ReferenceEquals(tried, failing))
                    at += size;
                failing = tried;
            }
        }

        return failing;
    }

    /// <summary>The kinds of faults that are left, for people.</summary>
    public static IEnumerable<string> Left(Faults faults) => Kinds.Where(kind => kind.Without(faults) != faults).Select(kind => kind.Name);

    private Verdict Try(Verdict failing, Scenario smaller)
    {
        if (smaller == failing.Scenario || _runs++ >= mostRuns)
            return failing;
        var verdict = SeedRun.Of(smaller, bug);
        return verdict.Ok ? failing : verdict;
    }
}
