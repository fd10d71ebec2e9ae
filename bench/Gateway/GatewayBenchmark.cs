using CocoonPool.Bench.Gateway.Relay;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Gateway;

/// <summary>
/// What the pool adds to a request. The same bytes go straight to the back end, through nginx, through a relay that has the pool's
/// topology and nothing else, and through silo and agent, in turns.
/// </summary>
public sealed class GatewayBenchmark : IBenchmark
{
    private const int Streams = 50;
    private const int Callers = 32;

    /// <summary>Requests in a row before the next contender has its turn: milliseconds, so that every disturbance meets all of them.</summary>
    private const int InARow = 20;

    private static readonly Row RelayLatency = new("gateway-relay-added-latency", "latency added by a bare relay of the same topology, p50", "ms", Better.Lower) { ComparedWith = Goal.AddedLatency.ComparedWith };
    private static readonly Row RelayRate = new("gateway-relay-throughput", "requests through a bare relay of the same topology", "requests/s", Better.Higher) { ComparedWith = Goal.Throughput.ComparedWith };
    private static readonly Row Cost = new("gateway-cpu-per-request", "processor time of silo and agent per request", "ms", Better.Lower) { ComparedWith = "both processes of the bare relay" };
    private static readonly Row SiloCost = new("gateway-cpu-silo", "processor time of the silo per request", "ms", Better.Lower);
    private static readonly Row AgentCost = new("gateway-cpu-agent", "processor time of the agent per request", "ms", Better.Lower);
    private static readonly Row DatabaseCost = new("gateway-cpu-database", "processor time of PostgreSQL per request", "ms", Better.Lower);
    private static readonly Row ProxyCost = new("gateway-cpu-proxy", "processor time of nginx per request", "ms", Better.Lower);
    private static readonly Row LoadCost = new("gateway-cpu-load", "processor time of load generator and fake back end per request", "ms", Better.Lower);

    public string Name => "gateway-path";

    public string Room => "Gateway";

    public string Summary => "added latency, time to first token, requests per second and processor time, beside nginx";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        using var backend = new FakeBackend();
        await using var proxy = await BareProxy.Start(backend.Url, context.Cancellation);
        await using var relay = await BareRelay.Start(context, backend.Url);
        await using var pool = await GatewayPool.Start(context, backend.Url);
        var load = new Load(pool.Key);
        // The busiest part comes first: by then everything is compiled that will be.
        var rates = await Rates(context, load, proxy, relay, pool, backend);
        var added = Latencies(context, load, [backend.Url, proxy.Url, relay.Url, pool.Url]);
        var (middle, tail) = FirstTokens(context, load, backend, pool);
        var (broken, note) = (load.Broken, $"direct {new Sample(added[0]).Median:0.000} ms");
        return
        [
            Goal.AddedLatency.Measured(Minus(added[3], added[0]), Minus(added[1], added[0])) with { Broken = broken, Note = note },
            RelayLatency.Measured(Minus(added[2], added[0]), Minus(added[1], added[0])) with { Note = "what the topology costs in .NET without a pool" },
            Goal.FirstTokenMedian.Measured(middle),
            Goal.FirstTokenTail.Measured(tail),
            Goal.Throughput.Measured(rates.Figure("gateway"), rates.Figure("nginx")) with { Broken = broken, Note = $"{Callers} callers, which share the machine's cores with all that is measured" },
            RelayRate.Measured(rates.Figure("relay"), rates.Figure("nginx")),
            Cost.Measured(rates.Cost("silo").Plus(rates.Cost("agent")), rates.Cost("relay")),
            SiloCost.Measured(rates.Cost("silo")),
            AgentCost.Measured(rates.Cost("agent")),
            DatabaseCost.Measured(rates.Cost("database")) with { Note = "receipts made durable and balances booked, in groups" },
            ProxyCost.Measured(rates.Cost("nginx")),
            LoadCost.Measured(rates.Cost("load")),
        ];
    }

    /// <summary>The p50 of each, round by round, of one client that asks one after the other: what the way adds when nothing waits.</summary>
    private static List<double>[] Latencies(BenchContext context, Load load, string[] urls)
    {
        var found = Array.ConvertAll(urls, _ => new List<double>());
        var callers = Array.ConvertAll(urls, load.Caller);
        for (var round = 0; round <= context.Rounds; round++)
        {
            var times = Array.ConvertAll(urls, _ => new List<double>());
            for (var turn = 0; turn < context.Size(60, 5); turn++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < urls.Length; i++)
                {
                    for (var n = 0; n < InARow; n++)
                        times[i].Add(load.Ask(callers[i]).Total.TotalMilliseconds);
                }
            }
            if (round == 0)
                continue;
            for (var i = 0; i < urls.Length; i++)
                found[i].Add(Sample.Percentile(times[i], 0.5));
            context.Say($"latency, round {round} of {context.Rounds}: {string.Join(", ", found.Select(f => $"{f[^1]:0.000} ms"))}");
        }
        Array.ForEach(callers, caller => caller.Dispose());
        return found;
    }

    private static async Task<RateFigures> Rates(BenchContext context, Load load, BareProxy proxy, BareRelay relay, GatewayPool pool, FakeBackend backend)
    {
        var figures = new RateFigures(context, load, Callers);
        await figures.Add("direct", backend.Url, ("load", () => ProcessorTime.Of(Environment.ProcessId)))
            .Add("nginx", proxy.Url, ("nginx", () => proxy.Used))
            .Add("relay", relay.Url, ("relay", () => relay.Used))
            .Add("gateway", pool.Url, ("silo", () => pool.Used("silo")), ("agent", () => pool.Used("agent-bench")), ("database", () => pool.Used("postgres")))
            .Run();
        return figures;
    }

    private static (Sample Median, Sample Tail) FirstTokens(BenchContext context, Load load, FakeBackend backend, GatewayPool pool)
    {
        List<double> p50 = [], p99 = [];
        for (var round = 0; round <= context.Rounds; round++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var each = context.Size(6, 2);
            var (direct, through) = (load.FirstTokens(backend.Url, Streams, each), load.FirstTokens(pool.Url, Streams, each));
            if (round == 0)
                continue;
            p50.Add(Sample.Percentile(through, 0.5) - Sample.Percentile(direct, 0.5));
            p99.Add(Sample.Percentile(through, 0.99) - Sample.Percentile(direct, 0.99));
            context.Say($"first token, round {round} of {context.Rounds}: {p50[^1]:0.000} ms added at the median, {p99[^1]:0.000} ms at the 99th percentile");
        }
        return (new(p50), new(p99));
    }

    private static Sample Minus(List<double> figure, List<double> other) => new([.. figure.Zip(other, (a, b) => Math.Max(0.001, a - b))]);
}
