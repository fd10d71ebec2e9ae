using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>What a cluster of real processes survives: one silo lost under load, and all of them at once.</summary>
public sealed class ClusterTests(LivePool live, ITestOutputHelper output)
{
    /// <summary>How soon calls have to succeed again after one of two silos is gone.</summary>
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(5);

    private CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("websocket")]
    [InlineData("orleans")]
    public async Task Silo_WhenKilledUnderLoad_LosesNothingAcknowledged_AndEveryClientGoesOn(string transport)
    {
        var orleans = live.Checkout.ForOrleans();
        Assert.SkipWhen(orleans is null, ClusterUnderTest.NotBuilt);
        await using var cluster = await ClusterUnderTest.Start(orleans, transport == "orleans", Cancel);
        var answered = new List<string>();
        var registered = new List<string>();

        foreach (var lost in cluster.Pool.Silos)
        {
            var survivor = cluster.Pool.SiloUrls[(cluster.Pool.Silos.ToList().IndexOf(lost) + 1) % 2];
            var clients = Clients(cluster, survivor);
            foreach (var client in clients)
                await client.Succeeds(15, Cancel);

            var killed = Stopwatch.GetTimestamp();
            cluster.Kill(lost);
            await cluster.AllWorkersConnect(TimeSpan.FromSeconds(30), Cancel);
            var connected = Stopwatch.GetElapsedTime(killed);
            foreach (var client in clients)
                await client.Succeeds(30, Cancel);
            foreach (var client in clients)
                await client.DisposeAsync();

            output.WriteLine($"{lost.Name} killed, agents over {transport}: workers connected after {connected.TotalSeconds:0.00} s");
            foreach (var client in clients)
                output.WriteLine($"  {client.Name}: longest pause {client.LongestPause(killed).TotalSeconds:0.00} s, {client.Successes} answers, {client.Failures.Count} failures {client.Failures.FirstOrDefault()}");
            foreach (var client in clients)
                client.LongestPause(killed).ShouldBeLessThan(BackWithin, client.Name);
            answered.AddRange(clients.Where(c => c.Name.StartsWith("chat", StringComparison.Ordinal)).SelectMany(c => c.Acknowledged));
            registered.AddRange(clients.Where(c => c.Name.StartsWith("join", StringComparison.Ordinal)).SelectMany(c => c.Acknowledged));
            await cluster.Pool.Supervisor.Start(lost, Cancel);
        }

        await AssertReceiptsOf(cluster, answered);
        foreach (var address in registered.Distinct(StringComparer.Ordinal))
            (await cluster.Operator.Participant(address, Cancel)).Address.ShouldBe(address);
    }

    [Fact]
    public async Task Cluster_WhenAllSilosAreKilledAtOnce_ComesBackByItself()
    {
        var orleans = live.Checkout.ForOrleans();
        Assert.SkipWhen(orleans is null, ClusterUnderTest.NotBuilt);
        await using var cluster = await ClusterUnderTest.Start(orleans, false, Cancel);
        await cluster.Pool.KeepSilos(Cancel);
        var before = Chat(cluster, cluster.Http, "chat before");
        await before.Succeeds(10, Cancel);
        await before.DisposeAsync();

        var killed = Stopwatch.GetTimestamp();
        var records = cluster.Kill([.. cluster.Pool.Silos]);
        await cluster.Waiting.Until("the silos' end", TimeSpan.FromSeconds(10), () => Task.FromResult(!records.Any(r => r.Process.IsRunning)), Cancel);
        await cluster.AllWorkersConnect(TimeSpan.FromSeconds(60), Cancel);
        await using var after = Chat(cluster, cluster.Http, "chat after");
        await after.Succeeds(10, Cancel);

        output.WriteLine($"both silos killed: workers connected and answering after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s");
        await AssertReceiptsOf(cluster, before.Acknowledged);
    }

    /// <summary>Two clients that know both silos, clients that know only the survivor, and one that writes.</summary>
    private static List<SteadyClient> Clients(ClusterUnderTest cluster, string survivor)
    {
        // A pool has room for 100; to register somebody again is a write that changes nothing.
        var addresses = Enumerable.Range(0, 40).Select(_ => "0:" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))).ToArray();
        var turn = 0;
        return
        [
            Chat(cluster, cluster.Http, "chat over both silos"),
            Chat(cluster, cluster.Http, "chat over both silos, second"),
            Chat(cluster, Plain, "chat over the survivor", survivor),
            new("figures over the survivor", Plain, () => (Request(HttpMethod.Get, survivor + "/api/v1/pool/stats", cluster.OperatorKey), null)),
            new("join over both silos", cluster.Http, () =>
            {
                var address = addresses[turn++ % addresses.Length];
                var request = Request(HttpMethod.Post, cluster.Pool.SiloUrl + "/api/v1/participants", cluster.OperatorKey);
                request.Content = JsonContent.Create(new { wallet_address = address });
                return (request, address);
            }),
        ];
    }

    private static HttpClient Plain { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    private static SteadyClient Chat(ClusterUnderTest cluster, HttpClient http, string name, string? silo = null) => new(name, http, () =>
    {
        var request = Request(HttpMethod.Post, (silo ?? cluster.Pool.SiloUrl) + "/v1/chat/completions", cluster.ClientKey);
        request.Content = JsonContent.Create(new { model = LivePool.Model, max_tokens = 12, messages = new[] { new { role = "user", content = "Tell me of the sea." } } });
        return (request, null);
    });

    /// <summary>Registering and asking again do no harm, so every request here may be repeated.</summary>
    private static HttpRequestMessage Request(HttpMethod method, string url, string key)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Options.Set(SiloFailover.Repeatable, true);
        return request;
    }

    /// <summary>Every answer that a client has received is a durable receipt of one of the members.</summary>
    private async Task AssertReceiptsOf(ClusterUnderTest cluster, IReadOnlyCollection<string> tasks)
    {
        tasks.ShouldNotBeEmpty();
        IReadOnlyList<string> missing = [];
        try
        {
            await cluster.Waiting.Until("the receipts", TimeSpan.FromSeconds(30), async () =>
            {
                var durable = "";
                foreach (var member in cluster.Members)
                {
                    using var request = Request(
                        HttpMethod.Get, $"{cluster.Pool.SiloUrl}/api/v1/participants/{member.Wallet.Address}/receipts?limit=1000", cluster.OperatorKey);
                    using var response = await cluster.Http.SendAsync(request, Cancel);
                    durable += await response.Content.ReadAsStringAsync(Cancel);
                }
                missing = [.. tasks.Where(task => !durable.Contains($"\"{task}\"", StringComparison.Ordinal))];
                return missing.Count == 0;
            }, Cancel);
        }
        catch (CocoonPool.Client.Launcher.LauncherException)
        {
            missing.ShouldBeEmpty("answered, but without a receipt");
        }
        output.WriteLine($"{tasks.Count} answers, each with its receipt");
    }
}
