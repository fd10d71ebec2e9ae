using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>A pool of two silo processes of the Orleans engine with worker agents.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    public const string NotBuilt = "The Orleans engine is not built here; its packages cannot be restored from every registry.";

    private readonly StateDirectory _state;
    private readonly Watchdog _watchdog;

    private ClusterUnderTest(StateDirectory state, Watchdog watchdog) => (_state, _watchdog) = (state, watchdog);

    public RunningPool Pool { get; private set; } = null!;

    public IReadOnlyList<DemoMember> Members { get; private set; } = [];

    public PoolClient Operator { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public LocalChainClient Chain { get; private set; } = null!;

    public Wallets Wallets { get; private set; } = null!;

    public string ClientKey { get; private set; } = "";

    public string OperatorKey { get; private set; } = "";

    public Waiting Waiting { get; } = new(TimeProvider.System);

    public static async Task<ClusterUnderTest> Start(Checkout orleans, bool grainCalls, CancellationToken cancel, int agents = 2)
    {
        var state = new StateDirectory(Path.Combine(Path.GetTempPath(), $"cocoon-cluster-{Guid.NewGuid():n}"));
        state.Create();
        var cluster = new ClusterUnderTest(state, Watchdog.Start(state));
        try
        {
            await cluster.Begin(orleans, grainCalls, agents, cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the silos at once, as a power cut does, and answers their records.</summary>
    public IReadOnlyList<RunRecord> Kill(params IReadOnlyList<ServiceDefinition> silos) => Signal(ProcessSignal.Kill, silos);

    /// <summary>Sends the silos a signal and answers their records.</summary>
    public IReadOnlyList<RunRecord> Signal(int signal, params IReadOnlyList<ServiceDefinition> silos)
    {
        var records = silos.Select(silo => RunRecord.Find(_state.Run, silo.Name)!).ToList();
        records.ForEach(record => ProcessSignal.Send(record.Process.Pid, signal));
        return records;
    }

    public Task AllWorkersConnect(TimeSpan limit, CancellationToken cancel) => Waiting.Until("all workers to be connected", limit, async () =>
    {
        try
        {
            return (await Operator.Workers(cancel)).Count(w => w is { State: "active", Connected: true }) == Members.Count;
        }
        catch (Exception problem) when (problem is HttpRequestException or PoolRefusedException)
        {
            return false;
        }
    }, cancel);

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        await _watchdog.DisposeAsync();
        Http?.Dispose();
        _state.Remove();
    }

    private async Task Begin(Checkout orleans, bool grainCalls, int agents, CancellationToken cancel)
    {
        var report = new Report(TimeProvider.System);
        var options = new DemoOptions(agents, 1, [LivePool.Model], Keep: false) { Silos = 2, GrainCalls = grainCalls };
        Pool = await RunningPool.Start(orleans, _state, options.Silos, DemoSettings.Of(options), report, TimeProvider.System, cancel);
        Http = SiloFailover.Client(Pool.SiloUrls, TimeProvider.System);
        OperatorKey = SecretFiles.Read(Pool.Secrets.OperatorKey);
        Operator = new(Http, Pool.SiloUrl, OperatorKey);
        Wallets = new(orleans, _state, Pool.Chain.ChainUrl);
        Chain = new(Http, Pool.Chain.ChainUrl);
        Members = await new DemoJoining(orleans, Pool, Operator, Chain, Wallets, Waiting, report).Join(options, cancel);
        ClientKey = (await Operator.CreateKey("client", "tests", "cluster tests", cancel)).Key;
    }
}
