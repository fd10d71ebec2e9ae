using System.Globalization;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Gateway;

/// <summary>
/// Whether silo and agent keep their memory under load that does not end: what is kept per request would show. Half a minute finds a
/// leak of a kilobyte a request; <c>--minutes 30</c> is the whole test.
/// </summary>
public sealed class GatewayMemoryBenchmark : IBenchmark
{
    private const int Callers = 16;
    private const int Steps = 20;

    private static readonly Row Growth = new("gateway-memory-growth", "memory of silo and agent under steady load, last quarter against the second", "MiB", Better.Lower)
    {
        ComparedWith = "the second quarter of the same load",
        Must = [new(BoundOn.Ratio, BoundSense.AtMost, 1.05)],
    };

    public string Name => "gateway-memory";

    public string Room => "Gateway";

    public string Summary => "memory of silo and agent under steady load; half a minute, or --minutes";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        using var backend = new FakeBackend();
        await using var pool = await GatewayPool.Start(context, backend.Url);
        var load = new Load(pool.Key);
        var time = context.Soak ?? TimeSpan.FromSeconds(context.Size(40, 4));
        var memory = new List<double>();
        for (var step = 0; step < Steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var (sent, silo, agent) = (load.Sent, pool.Used("silo"), pool.Used("agent-bench"));
            var rate = load.Rate(pool.Url, Callers, time / Steps);
            memory.Add(Resident(pool.Process("silo")) + Resident(pool.Process("agent-bench")));
            var requests = Math.Max(1, load.Sent - sent);
            context.Say($"{rate:0} requests/s, {memory[^1]:0} MiB; processor time per request: silo {(pool.Used("silo") - silo).TotalMilliseconds / requests:0.000} ms, agent {(pool.Used("agent-bench") - agent).TotalMilliseconds / requests:0.000} ms");
        }
        var quarter = Steps / 4;
        return [Growth.Measured(new(memory[^quarter..]), new(memory[quarter..(2 * quarter)])) with { Broken = load.Broken, Note = $"{load.Sent:n0} requests of {Callers} clients in {time.TotalMinutes:0.#} minutes" }];
    }

    /// <summary>In MiB.</summary>
    private static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }
}
