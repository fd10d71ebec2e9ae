using System.Diagnostics;
using CocoonPool.Adapters.Postgres.Contributions;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;

namespace CocoonPool.Bench.Accounting;

/// <summary>What it costs to make contributions durable, once each, with their tallies: beside COPY, which checks nothing and adds nothing up.</summary>
public sealed class IntakeBenchmark : IBenchmark
{
    private const int BatchSize = 256;
    private const int Streams = 64;

    private int _issued;

    public string Name => "intake";

    public string Room => nameof(Accounting);

    public string Summary => "contributions per second, beside raw COPY into the same table";

    public bool DependsOnEngine => false;

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var database = await PoolDatabase.Create(context, "intake");
        var batches = context.Size(400, 40);
        var found = await new Contenders()
            .Add("pool", () => ThroughThePool(database, Batches(context, batches)))
            .Add("copy", () => ByCopy(database, Batches(context, batches), context.Cancellation))
            .Run(context);
        var wrong = await database.Get<IContributionStore>().CompareTallies(PoolDatabase.PoolId, new(1), repair: false, context.Cancellation);
        return
        [
            Goal.Contributions.Measured(found["pool"], found["copy"]) with
            {
                // COPY wrote under another pool's id, so what the tallies tell must be what the pool recorded, to the last token.
                Broken = wrong.Count == 0 ? null : $"{wrong.Count} tally figures differ from the contributions",
                Note = $"{batches * BatchSize:n0} receipts a round in batches of {BatchSize} from {Streams} streams, 400 workers of 100 participants",
            },
        ];
    }

    private static async Task<double> ThroughThePool(PoolDatabase database, List<Contribution[]> batches)
    {
        var store = database.Get<IContributionStore>();
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < batches.Count; i = Interlocked.Increment(ref next))
            {
                if ((await store.Record(PoolDatabase.PoolId, batches[i])).Any(result => result != ContributionResult.Recorded))
                    throw new InvalidOperationException("A new receipt was not recorded.");
            }
        })));
        return batches.Count * BatchSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ByCopy(PoolDatabase database, List<Contribution[]> batches, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync(ContributionRows.Copy, cancellationToken))
        {
            foreach (var contribution in batches.SelectMany(batch => batch))
                await ContributionRows.Write(copy, "copied", new(new(1), false), contribution, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        return batches.Count * BatchSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Receipts as real ones are: their sizes, and ids in the order of time.</summary>
    private List<Contribution[]> Batches(BenchContext context, int count)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(context.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var random = new Random(_issued);
        return [.. Enumerable.Range(0, count).Select(batch =>
        {
            var worker = new WorkerId($"worker-{batch % 400:d4}");
            var (root, signature, proof) = (Bytes(32), Bytes(64), Bytes(8 * 33));
            return Enumerable.Range(0, BatchSize).Select(_ =>
            {
                var tokens = new TokenCounts(random.Next(20, 2_000), 0, random.Next(1, 1_000), 0);
                var adjusted = AdjustedTokens.Of(tokens, new(), 1_000);
                var receipt = new Receipt(
                    new($"task_{_issued++:x32}"), worker, PoolDatabase.Participant(batch % 100), "demo-model-70b", tokens, adjusted, 800, 90, TaskOutcome.Success, now, now);
                return new Contribution(receipt, now, tokens, adjusted, 1_000_000, false, receipt.CanonicalBytes(), root, signature, proof, now);
            }).ToArray();
        })];

        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
