using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CocoonPool.EndToEnd.Tests.Fixtures;
using CocoonPool.EndToEnd.Tests.Gateway;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>Ten thousand connections that say nothing, or COCOON_CHAOS_CONNECTIONS of them.</summary>
[Collection(nameof(ChaosTests))]
public sealed class IdleConnectionTests(LivePool live, ChaosFleet fleet)
{
    [Fact]
    public async Task IdleConnections_CostLittle_AndOthersAreServed()
    {
        var wanted = ChaosFleet.Option("COCOON_CHAOS_CONNECTIONS", 10_000);
        var memory = fleet.SiloMemory();
        var port = new Uri(live.Pool.SiloUrl).Port;
        var idle = new List<Socket>(wanted);
        try
        {
            for (var i = 0; i < wanted; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            }
            await live.Waiting.Until("the silo to hold them all", TimeSpan.FromSeconds(30), async () => await Connections() >= wanted, CancellationToken.None);

            var slowest = TimeSpan.Zero;
            for (var i = 0; i < 50; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await live.Send(HttpMethod.Post, "/v1/chat/completions", PassThroughTests.Question("calm", stream: i % 2 == 0));
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
                slowest = Stopwatch.GetElapsedTime(start) is var took && took > slowest ? took : slowest;
            }
            memory.Look();

            var summary = $"{idle.Count} idle connections, silo +{memory.Growth >> 20} MiB, slowest of 50 requests {slowest.TotalMilliseconds:0} ms";
            TestContext.Current.SendDiagnosticMessage(summary);
            memory.Growth.ShouldBeLessThan(wanted * (20L << 10), summary);
            slowest.ShouldBeLessThan(TimeSpan.FromSeconds(3), summary);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
        await live.Waiting.Until("the silo to let go of them", TimeSpan.FromSeconds(30), async () => await Connections() < wanted / 10, CancellationToken.None);
    }

    /// <summary>Kestrel's own count, over all kinds of connections.</summary>
    private async Task<double> Connections()
    {
        var metrics = await live.Http.GetStringAsync(live.Pool.Silo.Environment["Silo__MetricsListen"] + "/metrics");
        return metrics.Split('\n').Where(l => l.StartsWith("kestrel_active_connections", StringComparison.Ordinal)).Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
