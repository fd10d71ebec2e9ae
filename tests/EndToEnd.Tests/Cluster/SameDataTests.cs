using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>One pool on one database, with the engines in turn: what one has written the other continues.</summary>
public sealed class SameDataTests(LivePool live) : IAsyncDisposable
{
    private readonly StateDirectory _state = new(Path.Combine(Path.GetTempPath(), $"cocoon-engines-{Guid.NewGuid():n}"));
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Report _report = new(TimeProvider.System);
    private readonly Waiting _waiting = new(TimeProvider.System);
    private readonly DemoOptions _options = new(2, 6, [LivePool.Model], Keep: false);
    private Watchdog? _watchdog;

    private CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        if (_watchdog is not null)
            await _watchdog.DisposeAsync();
        _http.Dispose();
        _state.Remove();
    }

    [Fact]
    public async Task Pool_StartedOnOneEngine_GoesOnOnTheOther_AndBack()
    {
        var orleans = live.Checkout.ForOrleans();
        Assert.SkipWhen(orleans is null, ClusterUnderTest.NotBuilt);
        Assert.SkipWhen(orleans.Artifacts == live.Checkout.Artifacts, "The local engine is not built beside the Orleans engine in this run.");
        _state.Create();
        _watchdog = Watchdog.Start(_state);

        // Local: people join and stake, and work is done.
        var (pool, client) = await Start(live.Checkout);
        var chain = new LocalChainClient(_http, pool.Chain.ChainUrl);
        var members = await new DemoJoining(live.Checkout, pool, client, chain, new Wallets(live.Checkout, _state, pool.Chain.ChainUrl), _waiting, _report).Join(_options, Cancel);
        await Serve(client, 6);
        var local = await Figures(client, members);

        // Orleans: the same people with the same stakes, states and work; the running epoch takes more.
        (pool, client) = await Restart(orleans);
        (await Figures(client, members)).ShouldBe(local);
        await StartAgents(orleans, pool, client, members);
        await Serve(client, 12);
        await client.Act(members[0].WorkerId, "drain", Cancel);
        var clustered = await Figures(client, members);
        clustered.ShouldNotBe(local);

        // Local again: what the cluster has changed is there.
        (_, client) = await Restart(live.Checkout);
        (await Figures(client, members)).ShouldBe(clustered);
    }

    private async Task<(RunningPool Pool, PoolClient Client)> Start(Checkout engine)
    {
        // Nobody's state may change because of the minutes that pass between two engines.
        var settings = new Dictionary<string, string>(DemoSettings.Of(_options), StringComparer.Ordinal) { ["Pool__HeartbeatInterval"] = "00:10:00", ["Pool__HeartbeatTimeout"] = "00:30:00" };
        var pool = await RunningPool.Start(engine, _state, settings, _report, TimeProvider.System, Cancel);
        return (pool, new PoolClient(_http, pool.SiloUrl, SecretFiles.Read(pool.Secrets.OperatorKey)));
    }

    /// <summary>Everything but the agents is started again, on the given engine.</summary>
    private async Task<(RunningPool Pool, PoolClient Client)> Restart(Checkout engine)
    {
        // An agent that leaves politely drains its worker; here its state has to stay.
        foreach (var agent in RunRecord.ReadAll(_state.Run).Where(record => record.Name.StartsWith("agent-", StringComparison.Ordinal)))
            ProcessSignal.Send(agent.Process.Pid, ProcessSignal.Kill);
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        return await Start(engine);
    }

    private async Task StartAgents(Checkout engine, RunningPool pool, PoolClient client, IReadOnlyList<DemoMember> members)
    {
        foreach (var member in members)
        {
            var key = await client.CreateKey("participant", member.Wallet.Address, member.Name, Cancel);
            await pool.Supervisor.Start(new AgentService(engine, _state, pool.Secrets).For(member, pool.SiloUrls, key.Key, _options.Models), Cancel);
        }
        await _waiting.Until("the workers to be back", TimeSpan.FromSeconds(60), async () => (await client.Workers(Cancel)).Count(w => w.Connected) == members.Count, Cancel);
    }

    /// <summary>Sends requests until the epoch holds the given number of tasks.</summary>
    private async Task Serve(PoolClient client, int tasks)
    {
        var key = await client.CreateKey("client", "same-data", "traffic", Cancel);
        var traffic = await new DemoTraffic(_http, client.Url, key.Key, TimeProvider.System).Send(_options, Prompts.Load(), () => { }, Cancel);
        traffic.Failures.ShouldBeEmpty();
        var epoch = (await client.Stats(Cancel)).CurrentEpoch.Number;
        await _waiting.Until("the receipts", TimeSpan.FromSeconds(30), async () => (await client.Tallies(epoch, Cancel)).Sum(t => t.Tasks) >= tasks, Cancel);
    }

    /// <summary>What grain state and stores say, less what grows by itself: uptime, and whether a stream is open now.</summary>
    private async Task<string> Figures(PoolClient client, IReadOnlyList<DemoMember> members)
    {
        var lines = new List<string>();
        foreach (var member in members)
        {
            var participant = await client.Participant(member.Wallet.Address, Cancel);
            lines.Add($"{participant}");
        }
        foreach (var worker in (await client.Workers(Cancel)).OrderBy(w => w.Id, StringComparer.Ordinal))
            lines.Add($"{worker with { Connected = true }}");
        var stats = await client.Stats(Cancel);
        lines.Add($"{stats}");
        foreach (var tally in (await client.Tallies(stats.CurrentEpoch.Number, Cancel)).OrderBy(t => t.Participant, StringComparer.Ordinal))
            lines.Add($"{tally with { GpuMilliseconds = "" }}");
        return string.Join('\n', lines);
    }
}
