using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.EndToEnd.Tests.Fixtures;
using CocoonPool.EndToEnd.Tests.Gateway;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>Clients that take a byte a second, or nothing, of answers without end.</summary>
[Collection(nameof(ChaosTests))]
public sealed class SlowReaderTests(LivePool live, ChaosFleet fleet)
{
    private const int Readers = 24;

    [Fact]
    public async Task SlowReaders_HoldUpNobodyElse_CostBoundedMemory_AndAreCutOff()
    {
        var client = await PayingClient.Create(live, "slow", Ton.FromTon(20));
        var agent = fleet.Agents.Single(a => a.Id == "chaos-large");
        ProcessMemory[] memories = [fleet.SiloMemory(), new(agent.Process.Pid)];
        using var over = new CancellationTokenSource();

        var reading = Enumerable.Range(0, Readers).Select(i => Read(client.Key, reads: i % 2 == 0, over.Token)).ToArray();
        await live.Waiting.Until("the floods", TimeSpan.FromSeconds(20), () => Task.FromResult(fleet.Backend.Floods == Readers), CancellationToken.None);
        await BackPressure();
        var slowest = TimeSpan.Zero;
        // Whoever takes nothing for ten seconds is cut off; until then others share worker and silo with them.
        await live.Waiting.Until("the slow readers to be cut off down to the back end", TimeSpan.FromSeconds(60), async () =>
        {
            var start = Stopwatch.GetTimestamp();
            using var other = await live.Send(HttpMethod.Post, "/v1/chat/completions", PassThroughTests.Question("calm", stream: true));
            (await other.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
            slowest = Stopwatch.GetElapsedTime(start) is var took && took > slowest ? took : slowest;
            foreach (var memory in memories)
                memory.Look();
            return fleet.Backend.Floods == 0;
        }, CancellationToken.None);
        await over.CancelAsync();
        await Task.WhenAll(reading);

        var summary = $"back end wrote {fleet.Backend.Flooded >> 20} MiB for {Readers} readers, silo +{memories[0].Growth >> 20} MiB, agent +{memories[1].Growth >> 20} MiB, slowest other request {slowest.TotalMilliseconds:0} ms";
        TestContext.Current.SendDiagnosticMessage(summary);
        // A window of 64 pieces of 16 KiB on either side of the link, and what the sockets of three connections take.
        fleet.Backend.Flooded.ShouldBeLessThan(Readers * (16L << 20), summary);
        memories[0].Growth.ShouldBeLessThan(200 << 20, summary);
        memories[1].Growth.ShouldBeLessThan(200 << 20, summary);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5), summary);
        await fleet.IsIdle("flood");
        await client.OwesNothing(summary);
    }

    /// <summary>Waits until the back end can write next to nothing more: what is between it and the readers is full.</summary>
    private Task BackPressure()
    {
        var before = fleet.Backend.Flooded;
        return live.Waiting.Until("the back end to be held up", TimeSpan.FromSeconds(20), () =>
        {
            (var last, before) = (before, fleet.Backend.Flooded);
            return Task.FromResult(before - last < 1 << 20);
        }, CancellationToken.None);
    }

    /// <summary>Asks for a stream and then takes one byte a second of it, or none, until the server has had enough.</summary>
    private async Task Read(string key, bool reads, CancellationToken over)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        var silo = new Uri(live.Pool.SiloUrl);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, silo.Port), CancellationToken.None);
        var body = """{"model":"flood","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}""";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {silo.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), over);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var one = new byte[1];
        try
        {
            while (await second.WaitForNextTickAsync(over))
            {
                if (reads && await socket.ReceiveAsync(one, over) == 0)
                    return;
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // Cut off, or the test is over.
        }
    }
}
