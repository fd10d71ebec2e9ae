using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Engine;

/// <summary>What a call inside one process costs, from one caller and from many.</summary>
public sealed class CallBenchmark : IBenchmark
{
    private const int Many = 64;

    private static readonly Row OneCaller = new("engine-call-1", "grain calls, one caller", "calls/s", Better.Higher);
    private static readonly Row ManyCallers = new("engine-call-64", "grain calls, 64 callers of 64 grains", "calls/s", Better.Higher);

    public string Name => "calls";

    public string Room => nameof(Engine);

    public string Summary => "grain calls inside one process";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var host = await EngineHost.Start(await context.Database("calls"));
        var grains = Enumerable.Range(0, Many).Select(i => host.Grains.GetGrain<IPingGrain>(i)).ToArray();
        var found = await new Contenders()
            .Add("one caller", () => Rate.Of(context, 1, (_, i) => grains[0].Ping((int)i)))
            .Add("64 callers", () => Rate.Of(context, Many, (caller, i) => grains[caller].Ping((int)i)))
            .Run(context);
        return [OneCaller.Measured(found["one caller"]), ManyCallers.Measured(found["64 callers"])];
    }
}
