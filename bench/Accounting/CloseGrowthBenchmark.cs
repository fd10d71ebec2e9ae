using System.Diagnostics;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Verifier;

namespace CocoonPool.Bench.Accounting;

/// <summary>
/// Ten million contributions: recorded rows, tallies added up from them, the epoch closed, its bundle verified by the second
/// implementation; and whether closing takes longer than with ten thousand.
/// </summary>
public sealed class CloseGrowthBenchmark : IBenchmark
{
    /// <summary>Enough that a closing takes seconds: what disturbs a machine for a tenth of one should not look like growth.</summary>
    private const int Participants = 10_000;

    public string Name => "ten-million";

    public string Room => nameof(Accounting);

    public string Summary => "10 M contributions loaded, added up, closed and verified; closing beside that of 10 k";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var few = await AccountingPool.Start(context, "close_few", Participants);
        await using var many = await AccountingPool.Start(context, "close_many", Participants);
        await Warm(context);
        await Load(context, few, 10_000);
        await Load(context, many, context.Size(10_000_000, 200_000));
        var (small, large) = (new List<double>(), new List<double>());
        for (var round = 0; round < context.Rounds; round++)
        {
            foreach (var pool in round % 2 == 0 ? new[] { few, many } : [many, few])
            {
                await pool.Fill(new(round + 1), Participants, tallies: round > 0);
                (pool == few ? small : large).Add(await Close(pool));
            }

            context.Say($"epoch {round + 1} of {context.Rounds}: {Figures.Short(small[^1])} s with few, {Figures.Short(large[^1])} s with many");
        }

        var broken = await Verify(context, few) ?? await Verify(context, many);
        return
        [
            Goal.CloseGrowth.Measured(new(large), new(small)) with
            {
                Broken = broken,
                Note = $"{Participants:n0} participants; all {context.Size(10_000_000, 200_000):n0} contributions lie in the first of {context.Rounds} epochs that are closed one after the other",
            },
        ];
    }

    /// <summary>The first closing of a process compiles the code; neither side shall pay for that.</summary>
    private static async Task Warm(BenchContext context)
    {
        await using var pool = await AccountingPool.Start(context, "close_warm", Participants);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await pool.Fill(new(epoch), Participants);
            await Close(pool);
        }
    }

    private static async Task<double> Close(AccountingPool pool)
    {
        await pool.Database.Execute("checkpoint");
        var start = Stopwatch.GetTimestamp();
        await pool.Close();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Rows as the intake writes them, made in the database itself, and the tallies by the command that rebuilds them.</summary>
    private static async Task Load(BenchContext context, AccountingPool pool, int count)
    {
        var start = Stopwatch.GetTimestamp();
        await pool.Database.Execute(
            $"""
            insert into contributions (pool_id, task_id, assigned_at, epoch, late, worker_id, participant, model, outcome, prompt_tokens, cached_tokens,
                completion_tokens, reasoning_tokens, adjusted_tokens, quality_ppm, latency_ms, first_token_ms, started_at, ended_at, flagged, receipt,
                batch_root, batch_signature, inclusion_proof, recorded_at)
            select '{PoolDatabase.PoolId}', 'task_' || lpad(to_hex(i), 32, '0'), now(), 1, false, 'worker-' || i % 8000, addresses[1 + i % {Participants}], 'demo-model-70b',
                0, 100 + i % 900, 0, 50 + i % 400, 0, (100 + i % 900) + (50 + i % 400) * 8, 1000000, 800, 90, now(), now(), false, '\x00', '\x00', '\x00', '\x00', now()
            from generate_series(1, {count}) i, (select array_agg(a) as addresses from ({AccountingPool.Addresses(Participants)}) p (a)) known
            """);
        await pool.Database.Execute("vacuum (analyze) contributions");
        var loaded = Stopwatch.GetElapsedTime(start);
        var store = pool.Database.Get<IContributionStore>();
        start = Stopwatch.GetTimestamp();
        var repaired = await store.CompareTallies(PoolDatabase.PoolId, new(1), repair: true, context.Cancellation);
        var left = await store.CompareTallies(PoolDatabase.PoolId, new(1), repair: false, context.Cancellation);
        if (repaired.Count == 0 || left.Count > 0)
            throw new InvalidOperationException("The tallies could not be rebuilt from the contributions.");
        context.Say($"{count:n0} contributions loaded in {loaded.TotalSeconds:0.0} s, tallies rebuilt and compared again in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private static async Task<string?> Verify(BenchContext context, AccountingPool pool)
    {
        var bundle = await pool.Database.Get<IEpochStore>().Bundle(PoolDatabase.PoolId, new(1), context.Cancellation);
        var report = EpochVerifier.Verify(bundle!.Json, Convert.ToHexStringLower(bundle.Hash));
        context.Say($"bundle of {bundle.Json.Length:n0} bytes verified by the second implementation: {(report.Ok ? "right" : report.Differences[0])}");
        return report.Ok ? null : $"the second implementation differs: {report.Differences[0]}";
    }
}
