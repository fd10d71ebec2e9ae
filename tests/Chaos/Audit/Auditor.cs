using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Pool;
using CocoonPool.Client.Launcher.Chain;

namespace CocoonPool.Chaos.Audit;

/// <summary>
/// Judges the pool from outside, after the fact: it reads the real database and the real chain by itself and compares them with each
/// other and with what was told to whom. It shares no code with the pool.
/// </summary>
public sealed class Auditor(ChaosPool pool, LocalChainClient chain, AllBooks books, IReadOnlyList<Member> members)
{
    /// <summary>The clocks of silo and gateway are moved this far at most, and a worker's uptime follows them.</summary>
    private static readonly TimeSpan FarthestClock = TimeSpan.FromSeconds(90);

    public async Task<PoolFacts> Read(CancellationToken cancel)
    {
        await using var reader = await DatabaseReader.Open(pool.DatabaseConnection, "main", cancel);
        var epochs = await reader.Epochs(cancel);
        var ledger = await reader.Ledger(cancel);
        var told = await new ChainReader(chain, pool.Deployment).Read(epochs.Select(e => e.Number), members, PaymentJudge.Vaults(ledger), cancel);
        return new(ledger, epochs, await reader.Messages(cancel), await reader.Plan(cancel), await reader.Work(cancel), told);
    }

    /// <param name="unrest">What peace was waited for in vain; null when it came.</param>
    public Verdict Judge(PoolFacts facts, TimeSpan lasted, string? unrest)
    {
        var harms = books.Harms.Done;
        var clockOffset = 2 * FarthestClock * harms.Count(h => h.Kind == "clock offset");
        IEnumerable<string> objections =
        [
            .. LedgerJudge.Judge(facts.Ledger),
            .. EpochJudge.Judge(facts, books.Closings.Closings),
            .. PaymentJudge.Judge(facts),
            .. WorkJudge.Judge(facts.Work, books.Answers, books.Receipts, harms, members, lasted, clockOffset),
            .. LivenessJudge.Judge(facts, unrest),
        ];
        return new(facts, [.. objections], WorkJudge.Explained(facts.Work, books.Answers));
    }
}
