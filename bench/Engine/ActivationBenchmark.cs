using System.Diagnostics;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Engine;

/// <summary>A burst of first calls, each to a grain of its own, and what those grains weigh afterwards. They have no state to read.</summary>
public sealed class ActivationBenchmark : IBenchmark
{
    private const int Callers = 64;
    private const int WarmingUp = 1_000;

    private static readonly Row Burst = new("engine-activations", "activations in a burst of 100 k", "activations/s", Better.Higher);
    private static readonly Row Weight = new("engine-activation-memory", "memory per idle activation without state", "KiB", Better.Lower);

    public string Name => "activations";

    public string Room => nameof(Engine);

    public string Summary => "activations in a burst, and their memory";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var connection = await context.Database("activations");
        var count = context.Size(100_000, 10_000);
        // The engine is started anew for each: activations of the round before would be in the way.
        var found = await new Contenders()
            .Add("activations/s", () => InNewEngine(connection, async host =>
            {
                var start = Stopwatch.GetTimestamp();
                await Activate(host, count);
                return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            }))
            .Add("KiB each", () => InNewEngine(connection, async host =>
            {
                var before = GC.GetTotalMemory(forceFullCollection: true);
                await Activate(host, count);
                return (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / count;
            }))
            .Run(context);
        return
        [
            Burst.Measured(found["activations/s"]),
            Weight.Measured(found["KiB each"]) with { Note = "managed memory after a full collection, references of callers gone" },
        ];
    }

    private static async Task<double> InNewEngine(string connection, Func<EngineHost, Task<double>> measure)
    {
        await using var host = await EngineHost.Start(connection);
        await Activate(host, WarmingUp, first: -WarmingUp);
        return await measure(host);
    }

    private static Task Activate(EngineHost host, int count, long first = 0) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        for (var i = caller; i < count; i += Callers)
            await host.Grains.GetGrain<IPingGrain>(first + i).Ping(i);
    })));
}
