using System.Diagnostics;
using System.Net.Http.Headers;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Gateway;

/// <summary>What the pool adds to a request: the same requests straight to the back end, through nginx, and through silo and agent, in turns.</summary>
public sealed class GatewayBenchmark : IBenchmark
{
    private const int Streams = 50;
    private const int Callers = 32;

    /// <summary>The build that the benchmarks run as is the build that they measure.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static readonly byte[] Whole = """{"model":"bench","max_tokens":16,"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is silk made of, and since when do people make it?"}]}"""u8.ToArray();
    private static readonly byte[] Streamed = """{"model":"bench","max_tokens":32,"stream":true,"messages":[{"role":"user","content":"What is silk made of?"}]}"""u8.ToArray();

    public string Name => "gateway-path";

    public string Room => "Gateway";

    public string Summary => "added latency, time to first token, requests per second and processor time, beside nginx";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { Timeout = TimeSpan.FromSeconds(30) };
        await using var backend = await BackendServer.Start();
        await using var proxy = await BareProxy.Start(backend.Url, http, context.Cancellation);
        await using var pool = await GatewayPool.Start(
            context.Checkout.Built(Configuration), context.Program("Agent", "cocoon-worker"), backend.Url, http, context.Cancellation);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", pool.Key);
        var (failed, sent) = (0L, 0L);

        var latency = await new Contenders()
            .Add("direct", () => Median(backend.Url)).Add("nginx", () => Median(proxy.Url)).Add("gateway", () => Median(pool.Url)).Run(context);
        var cpu = new List<double>();
        var rates = await new Contenders().Add("nginx", () => Rate(proxy.Url)).Add("gateway", () => Rate(pool.Url)).Run(context);
        List<double> p50 = [], p99 = [];
        for (var round = 0; round <= context.Rounds; round++)
        {
            var (direct, through) = (await FirstTokens(backend.Url), await FirstTokens(pool.Url));
            if (round == 0)
                continue;
            p50.Add(Sample.Percentile(through, 0.5) - Sample.Percentile(direct, 0.5));
            p99.Add(Sample.Percentile(through, 0.99) - Sample.Percentile(direct, 0.99));
        }

        var broken = failed * 1000 > sent ? $"{failed} of {sent} requests failed" : null;
        return
        [
            Goal.AddedLatency.Measured(Minus(latency["gateway"], latency["direct"]), Minus(latency["nginx"], latency["direct"])) with { Broken = broken, Note = $"direct {latency["direct"].Median:0.000} ms" },
            Goal.FirstTokenMedian.Measured(new(p50)),
            Goal.FirstTokenTail.Measured(new(p99)),
            Goal.Throughput.Measured(rates["gateway"], rates["nginx"]) with { Broken = broken, Note = $"{Callers} callers, in the process of the back end" },
            new Row("gateway-cpu-per-request", "processor time of silo and agent per request", "ms", Better.Lower).Measured(new(cpu)),
        ];

        // One request after the other: what the way adds when nothing waits.
        async Task<double> Median(string url)
        {
            var times = new List<double>();
            await Harness.Rate.Of(context, 1, async (_, _) =>
            {
                var start = Stopwatch.GetTimestamp();
                await Ask(url);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            });
            return Sample.Percentile(times, 0.5);
        }

        async Task<double> Rate(string url)
        {
            var (before, asked) = (url == pool.Url ? pool.ProcessorTime : default, Interlocked.Read(ref sent));
            var rate = await Harness.Rate.Of(context, Callers, (_, _) => Ask(url));
            if (url == pool.Url)
                cpu.Add((pool.ProcessorTime - before).TotalMilliseconds / (Interlocked.Read(ref sent) - asked));
            return rate;
        }

        async Task Ask(string url)
        {
            using var content = new ByteArrayContent(Whole) { Headers = { ContentType = new("application/json") } };
            using var response = await http.PostAsync(new Uri(url + "/v1/chat/completions"), content, context.Cancellation);
            await response.Content.ReadAsByteArrayAsync(context.Cancellation);
            Interlocked.Increment(ref sent);
            if (!response.IsSuccessStatusCode)
                Interlocked.Increment(ref failed);
        }

        // Fifty streams that begin over the time that one lasts, as they do where people type.
        async Task<List<double>> FirstTokens(string url)
        {
            var times = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async i =>
            {
                var mine = new List<double>();
                await Task.Delay(i * 420 / Streams, context.Cancellation);
                for (var n = 0; n < context.Size(6, 2); n++)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/chat/completions") { Content = new ByteArrayContent(Streamed) { Headers = { ContentType = new("application/json") } } };
                    var start = Stopwatch.GetTimestamp();
                    using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.Cancellation);
                    await using var stream = await response.Content.ReadAsStreamAsync(context.Cancellation);
                    await stream.ReadExactlyAsync(new byte[16], context.Cancellation);
                    mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    await stream.CopyToAsync(Stream.Null, context.Cancellation);
                }
                return mine;
            }));
            return [.. times.SelectMany(t => t)];
        }
    }

    private static Sample Minus(Sample figure, Sample other) => new([.. figure.Rounds.Zip(other.Rounds, (a, b) => Math.Max(0.001, a - b))]);
}
