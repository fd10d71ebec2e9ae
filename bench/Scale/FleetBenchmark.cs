using System.Diagnostics;
using CocoonPool.Bench.Accounting;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Bench.Scale;

/// <summary>
/// What a fleet costs each silo: reading its routing table, choosing from it, and listing the directory, with ten and a hundred thousand
/// workers. In processor time, because that is what a silo has to have, and because it hardly depends on what else a machine does.
/// </summary>
public sealed class FleetBenchmark : IBenchmark
{
    private const string Model = "demo";
    private const int Readings = 10;
    private const int Choices = 100;

    public string Name => "fleet";

    public string Room => nameof(Scale);

    public string Summary => "routing table, choice and directory with 10 k and 100 k workers";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context) =>
        [.. await Of(context, "10k", context.Size(10_000, 500)), .. await Of(context, "100k", context.Size(100_000, 2_000))];

    private static async Task<IReadOnlyList<Measurement>> Of(BenchContext context, string size, int workers)
    {
        await using var pool = await AccountingPool.Start(context, $"fleet_{size}", 0);
        var router = pool.Grains.GetGrain<IRouterGrain>(PoolDatabase.PoolId);
        for (var i = 0; i < workers; i++)
            await router.Publish(Report(i, weight: 100));
        await Register(pool, workers);
        var directory = pool.Database.Get<IWorkerDirectory>();

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var snapshot = new RoutingSnapshot(pool.Grains, directory, pool.Database.Get<IParticipantDirectory>(), new PoolSettings { Id = PoolDatabase.PoolId }, context.Time, NullLogger<RoutingSnapshot>.Instance);
        await snapshot.Refresh();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)workers;

        var queue = new ModelQueue(Model, ModelTerms.Of(new(), Model), new(), snapshot, context.Time);
        var request = new RouteRequest(RouteNeeds.None, RequestPriority.Normal, 0, 100, [], DateTimeOffset.MaxValue);
        var weight = 0;
        var found = await new Contenders()
            .Add("changed", async () =>
            {
                // One worker of all has changed: that is enough for a new table.
                return await Milliseconds(Readings, async () =>
                {
                    await router.Publish(Report(0, weight: 25 + weight++ % 50));
                    await snapshot.Refresh();
                });
            })
            .Add("unchanged", () => Milliseconds(Readings, snapshot.Refresh))
            .Add("choice", () => Milliseconds(Choices, () =>
            {
                queue.Leave(queue.TryEnter(request) ?? throw new InvalidOperationException("No worker was free."));
                return Task.CompletedTask;
            }))
            .Add("directory", () => Milliseconds(2, () => directory.List(PoolDatabase.PoolId, context.Cancellation)))
            .Run(context);
        var note = $"{workers:n0} workers, one model each, the same one";
        return
        [
            Row("changed", "silo's routing table read after one worker changed", "ms").Measured(found["changed"]) with { Note = note },
            Row("unchanged", "silo's routing table read with nothing new", "ms").Measured(found["unchanged"]),
            Row("choice", "one choice of a worker for a request", "ms").Measured(found["choice"]),
            Row("directory", "list of the directory, as each silo reads it every 5 s", "ms").Measured(found["directory"]),
            new Row($"fleet-memory-{size}", $"memory of a silo for each worker that it can route to, {size[..^1]} k workers", "bytes", Better.Lower).Measured(Sample.Exactly(bytes)) with { Note = "besides the reports themselves, which the local engine shares with the router's grain" },
        ];

        Row Row(string key, string what, string unit) => new($"fleet-{key}-{size}", $"{what}, {size[..^1]} k workers, processor time", unit, Better.Lower);
    }

    private static RouteReport Report(int worker, int weight) => new(new WorkerId($"worker-{worker}"), [Model], [4096], [8], weight, "bench", 1000, 80);

    /// <summary>Rows as the workers' grains write them.</summary>
    private static async Task Register(AccountingPool pool, int workers)
    {
        await pool.Database.Get<IWorkerDirectory>().Save(PoolDatabase.PoolId, Described(), null, revision: 1);
        await pool.Database.Execute(
            $"""
            insert into workers (pool_id, worker_id, participant, state, gpus, active_since, description)
            select pool_id, 'made-' || n, participant, state, gpus, now(), description from workers, generate_series(2, {workers}) n
            """);
    }

    private static WorkerDescription Described() => new(
        new WorkerId("worker-0"),
        new(PoolDatabase.Participant(0), "H100", 1, 80, 16, 64, [new(Model, 4096, 8)], 1000, "bench", "bench", new byte[91]),
        WorkerState.Active, "active", DateTimeOffset.UnixEpoch, "none", null, true, 0);

    /// <summary>Processor time of this process for each of so many times; PostgreSQL's own is not in it.</summary>
    private static async Task<double> Milliseconds(int times, Func<Task> act)
    {
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        for (var i = 0; i < times; i++)
            await act();
        process.Refresh();
        return (process.TotalProcessorTime - start).TotalMilliseconds / times;
    }
}
