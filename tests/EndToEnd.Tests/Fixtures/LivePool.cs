using System.Net.Http.Headers;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

[assembly: AssemblyFixture(typeof(CocoonPool.EndToEnd.Tests.Fixtures.LivePool))]

// The tests share one pool and one small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>A whole pool of real processes (PostgreSQL, local chain, chain gateway, silo, two worker agents), started once for all tests.</summary>
public sealed class LivePool : IAsyncLifetime
{
    public const string Model = "cocoon-demo";

    private readonly StateDirectory _state = new(Path.Combine(Path.GetTempPath(), $"cocoon-e2e-{Guid.NewGuid():n}"));
    private readonly Report _report = new(TimeProvider.System);
    private Watchdog? _watchdog;
    private Task<GatewayFleet>? _fleet;

    /// <summary>Takes the spans of silo and agents.</summary>
    public TraceCollector Traces { get; private set; } = null!;

    public Checkout Checkout { get; } = Checkout.Find();

    public RunningPool Pool { get; private set; } = null!;

    public IReadOnlyList<DemoMember> Members { get; private set; } = [];

    public PoolClient Operator { get; private set; } = null!;

    public LocalChainClient Chain { get; private set; } = null!;

    public Wallets Wallets { get; private set; } = null!;

    public Waiting Waiting { get; } = new(TimeProvider.System);

    public string ClientKey { get; private set; } = "";

    /// <summary>Hangs up at once when an answer is given up, instead of reading on for a while to save the connection.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { Timeout = TimeSpan.FromSeconds(60) };

    public async ValueTask InitializeAsync()
    {
        _state.Create();
        _watchdog = Watchdog.Start(_state);
        var options = new DemoOptions(2, 1, [Model], Keep: false);
        var settings = new Dictionary<string, string>(DemoSettings.Of(options), StringComparer.Ordinal) { ["Settlement__BatchSize"] = "1" };
        foreach (var (name, value) in GatewayFleet.Settings)
            settings[name] = value;
        Traces = await TraceCollector.Start();
        (settings["Tracing__Endpoint"], settings["Tracing__Ratio"]) = (Traces.Url, "1");
        Pool = await RunningPool.Start(Checkout, _state, settings, _report, TimeProvider.System, CancellationToken.None);
        Operator = new(Http, Pool.SiloUrl, SecretFiles.Read(Pool.Secrets.OperatorKey));
        Chain = new(Http, Pool.Chain.ChainUrl);
        Wallets = new(Checkout, _state, Pool.Chain.ChainUrl);
        Members = await new DemoJoining(Checkout, Pool, Operator, Chain, Wallets, Waiting, _report).Join(options, CancellationToken.None);
        ClientKey = (await Operator.CreateKey("client", "tests", "end-to-end tests", CancellationToken.None)).Key;
    }

    /// <summary>The agents of the gateway's tests, started when the first of these needs them.</summary>
    public Task<GatewayFleet> Fleet() => _fleet ??= GatewayFleet.Start(this);

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
            await (await _fleet).DisposeAsync();
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        if (_watchdog is not null)
            await _watchdog.DisposeAsync();
        Http.Dispose();
        await Traces.DisposeAsync();
        _state.Remove();
    }

    /// <summary>Waits until every agent that runs is connected again, so that the next test finds the pool as this one found it.</summary>
    public Task AgentsAreBack() => Waiting.Until("the agents to be back", TimeSpan.FromSeconds(60), async () =>
    {
        var connected = (await Operator.Workers(CancellationToken.None)).Where(w => w is { State: "active", Connected: true }).Select(w => w.Id).ToHashSet(StringComparer.Ordinal);
        return RunRecord.ReadAll(_state.Run)
            .Where(r => r.Name.StartsWith("agent-", StringComparison.Ordinal) && r.Process.IsRunning)
            .Select(r => r.Name["agent-".Length..])
            .All(name => connected.Contains(name) || connected.Contains($"{name}-worker"));
    }, CancellationToken.None);

    /// <summary>Runs the operator's command line as the operator of this pool does, on this machine.</summary>
    public Task<CommandRun> Admin(params string[] arguments) => CommandRun.Of(
        ["dotnet", Checkout.Program("Admin", "cocoon-admin"), .. arguments, "--state", _state.Path], CancellationToken.None,
        environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["COCOON_ROOT"] = Checkout.Root });

    /// <summary>Sends a request as a client with a key, or as the one given; an empty key sends none.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, Pool.SiloUrl + path) { Content = body };
        key ??= ClientKey;
        if (key.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
