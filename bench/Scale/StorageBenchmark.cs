using System.Security.Cryptography;
using CocoonPool.Bench.Accounting;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;

namespace CocoonPool.Bench.Scale;

/// <summary>What the database keeps and writes for each contribution, and writes for each heartbeat. Bytes depend on no machine's speed.</summary>
public sealed class StorageBenchmark : IBenchmark
{
    private const int BatchSize = 256;
    private const int Workers = 400;

    public string Name => "storage";

    public string Room => nameof(Scale);

    public string Summary => "database bytes per contribution, log bytes per contribution and heartbeat";

    public bool DependsOnEngine => false;

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var database = await PoolDatabase.Create(context, "storage");
        var store = database.Get<IContributionStore>();
        var batches = context.Size(400, 20);

        // The log writes a page whole when it is first touched after a checkpoint; over minutes that is spread thin, so it is left out.
        await database.Execute("checkpoint");
        var log = await LogPosition(database);
        await Parallel.ForEachAsync(Enumerable.Range(0, batches), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (batch, cancel) =>
        {
            if ((await store.Record(PoolDatabase.PoolId, Batch(batch, context.Time.GetUtcNow()), cancel)).Any(result => result != ContributionResult.Recorded))
                throw new InvalidOperationException("A new receipt was not recorded.");
        });
        var contributions = (double)batches * BatchSize;
        var logOfContributions = (await LogPosition(database) - log) / contributions;
        var kept = await database.Count("select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = 'contributions'::regclass") / contributions;

        log = await LogPosition(database);
        var rounds = context.Size(50, 5);
        var now = context.Time.GetUtcNow();
        for (var round = 0; round < rounds; round++)
        {
            // Workers beat at their own times, so their intervals come together in the groups that the store makes of them.
            var from = now + TimeSpan.FromSeconds(30 * round);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => store.RecordUptime(
                PoolDatabase.PoolId, new(new WorkerId($"worker-{worker}"), PoolDatabase.Participant(worker % 100), from, from + TimeSpan.FromSeconds(30), 1), context.Cancellation)));
        }

        var logOfHeartbeats = (await LogPosition(database) - log) / ((double)rounds * Workers);
        return
        [
            new Row("storage-contribution", "database, indexes included, per contribution", "bytes", Better.Lower).Measured(Sample.Exactly(kept)) with { Note = $"{contributions:n0} receipts in batches of {BatchSize}" },
            new Row("storage-contribution-log", "write-ahead log per contribution, tallies included", "bytes", Better.Lower).Measured(Sample.Exactly(logOfContributions)),
            new Row("storage-heartbeat-log", "write-ahead log per heartbeat", "bytes", Better.Lower).Measured(Sample.Exactly(logOfHeartbeats)) with { Note = $"{Workers} workers at once" },
        ];
    }

    private static Task<long> LogPosition(PoolDatabase database) => database.Count("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");

    /// <summary>Receipts as real ones are, in their sizes.</summary>
    private static Contribution[] Batch(int batch, DateTimeOffset now)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var (root, signature, proof) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(64), RandomNumberGenerator.GetBytes(8 * 33));
        return [.. Enumerable.Range(0, BatchSize).Select(i =>
        {
            var tokens = new TokenCounts(20 + i * 7, 0, 1 + i * 3, 0);
            var adjusted = AdjustedTokens.Of(tokens, new(), 1_000);
            var receipt = new Receipt(
                new($"task_{batch * BatchSize + i:x32}"), new WorkerId($"worker-{batch % Workers:d4}"), PoolDatabase.Participant(batch % 100), "demo-model-70b",
                tokens, adjusted, 800, 90, TaskOutcome.Success, now, now);
            return new Contribution(receipt, now, tokens, adjusted, 1_000_000, false, receipt.CanonicalBytes(), root, signature, proof, now);
        })];
    }
}
