using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.EndToEnd.Tests.Fixtures;
using CocoonPool.EndToEnd.Tests.Gateway;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>
/// Many clients at once while agents are killed and frozen and back ends answer 429, 500, garbage, half a stream or never. Whatever
/// happens, every request gets an answer, and afterwards nothing of it is left: no reservation, no slot, no memory, no open breaker.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class StormTests(LivePool live, ChaosFleet fleet)
{
    private const int Clients = 24;

    /// <summary>Longer than the longest that the pool's own limits let a request take: its wait, and three attempts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _wrong = [];

    [Fact]
    public async Task EveryRequest_GetsAnAnswer_AndNothingOfItIsLeft()
    {
        var client = await PayingClient.Create(live, "stormy", Ton.FromTon(20));
        var memory = fleet.SiloMemory();
        var openings = await fleet.Metric("breaker_openings_total");
        fleet.Backend.IsWell = false;
        using var over = new CancellationTokenSource(ChaosFleet.Duration);

        var asking = Enumerable.Range(0, Clients).Select(i => Ask(client.Key, new Random(HashCode.Combine(fleet.Seed, i)), memory, over.Token)).ToArray();
        await Torment(new Random(fleet.Seed), over.Token);
        await Task.WhenAll(asking);

        var summary = $"seed {fleet.Seed}: {string.Join(", ", _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} × {a.Value}"))}; silo +{memory.Growth >> 20} MiB";
        TestContext.Current.SendDiagnosticMessage(summary);
        _wrong.ShouldBeEmpty(summary);
        _answers.GetValueOrDefault("whole").ShouldBeGreaterThan(Clients, summary);
        (await fleet.Metric("breaker_openings_total")).ShouldBeGreaterThan(openings, summary);
        memory.Growth.ShouldBeLessThan(200 << 20, summary);
        await Recovers(client.Key);
        await fleet.IsIdle("stormy");
        await client.OwesNothing(summary);
    }

    /// <summary>Once the back ends are well, every breaker closes by the requests that try.</summary>
    private async Task Recovers(string key)
    {
        fleet.Backend.IsWell = true;
        await fleet.AllServe();
        await live.Waiting.Until($"every breaker to close (seed {fleet.Seed})", TimeSpan.FromSeconds(90), async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Classify(key, stream: i % 2 == 0, leave: false)));
            return await fleet.Metric("routing_open_breakers{model=\"stormy\"}") == 0 && (await fleet.Offers("stormy")).Count == fleet.Agents.Count;
        }, CancellationToken.None);
    }

    private async Task Torment(Random random, CancellationToken over)
    {
        using var next = new PeriodicTimer(TimeSpan.FromMilliseconds(1500));
        AgentProcess? frozen = null;
        while (await Tick(next, over))
        {
            var victim = fleet.Agents[random.Next(fleet.Agents.Count)];
            frozen?.Thaw();
            frozen = null;
            if (random.Next(3) == 0)
            {
                victim.Kill();
                await live.Waiting.Until("its end", TimeSpan.FromSeconds(10), () => Task.FromResult(!victim.Process.IsRunning), CancellationToken.None);
                await victim.Start();
            }
            else
            {
                victim.Freeze();
                frozen = victim;
            }
        }
        frozen?.Thaw();
    }

    private async Task Ask(string key, Random random, ProcessMemory memory, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var kind = await Classify(key, stream: random.Next(2) == 0, leave: random.Next(10) == 0);
            _answers.AddOrUpdate(kind, 1, (_, count) => count + 1);
            lock (memory)
                memory.Look();
        }
    }

    /// <summary>What became of one request, in a word; what must not happen is kept in full.</summary>
    private async Task<string> Classify(string key, bool stream, bool leave)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, live.Pool.SiloUrl + "/v1/chat/completions") { Content = PassThroughTests.Question("stormy", stream, maxTokens: 50) };
        request.Headers.Authorization = new("Bearer", key);
        using var patience = new CancellationTokenSource(Patience);
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await live.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (leave)
                return "left";
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            var kind = Kind(response, stream, text);
            if (kind is null)
                _wrong.Add($"{(int)response.StatusCode} {text}");
            return kind ?? "wrong";
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            _wrong.Add($"no answer after {Stopwatch.GetElapsedTime(start)}: {problem.Message}");
            return "none";
        }
    }

    /// <summary>Null for what a client must never see: half an answer that looks whole, a silent end, a refusal without words.</summary>
    private static string? Kind(HttpResponseMessage response, bool stream, string text)
    {
        if (response.StatusCode == HttpStatusCode.OK && !stream)
            return text.Contains("Hello!", StringComparison.Ordinal) ? "whole" : null;
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
            return last == "data: [DONE]" ? "whole" : last.StartsWith("data: {\"error\":", StringComparison.Ordinal) ? "broken off" : null;
        }
        using var error = JsonDocument.Parse(text);
        return error.RootElement.TryGetProperty("error", out var said) && said.GetProperty("message").GetString() is { Length: > 0 }
            && (int)response.StatusCode is 429 or 502 or 503 or 504 ? $"{(int)response.StatusCode}" : null;
    }

    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
