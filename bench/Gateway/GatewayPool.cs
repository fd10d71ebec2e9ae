using CocoonPool.Bench.Harness;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Gateway;

/// <summary>A whole pool of real processes with one worker agent in front of the back end, and a client with a prepaid balance: metering is on.</summary>
internal sealed class GatewayPool : IAsyncDisposable
{
    /// <summary>NanoTON per million tokens.</summary>
    private const string Price = "1000000";

    private readonly StateDirectory _state;
    private readonly Watchdog _watchdog;

    private GatewayPool(StateDirectory state, Watchdog watchdog, RunningPool pool, string key) => (_state, _watchdog, Pool, Key) = (state, watchdog, pool, key);

    public RunningPool Pool { get; }

    public string Key { get; }

    public string Url => Pool.SiloUrl;

    /// <summary>Processor time that a service has used so far: <c>silo</c>, <c>agent-bench</c>, <c>postgres</c>.</summary>
    public TimeSpan Used(string service) => ProcessorTime.Of(Process(service));

    public int Process(string service) => RunRecord.Find(_state.Run, service)!.Process.Pid;

    public static async Task<GatewayPool> Start(BenchContext context, string backend)
    {
        using var http = new HttpClient();
        var cancel = context.Cancellation;
        // The build that the benchmarks run as is the build that they measure.
        var checkout = context.Checkout.Built(new DirectoryInfo(AppContext.BaseDirectory).Name);
        var state = new StateDirectory(Path.Combine(Path.GetTempPath(), $"cocoon-bench-{Guid.NewGuid():n}"));
        state.Create();
        var watchdog = Watchdog.Start(state);
        var report = new Report(TimeProvider.System);
        var waiting = new Waiting(TimeProvider.System);
        var settings = new Dictionary<string, string>(DemoSettings.Of(new(1, 1, [FakeBackend.Model], Keep: false)), StringComparer.Ordinal)
        {
            ["RateLimits__InferencePerMinute"] = "0",
            ["Inference__Models__0__Name"] = FakeBackend.Model,
            ["Inference__Models__0__PromptPriceNano"] = Price,
            ["Inference__Models__0__CompletionPriceNano"] = Price,
        };
        var pool = await RunningPool.Start(checkout, state, settings, report, TimeProvider.System, cancel);
        var client = new PoolClient(http, pool.SiloUrl, SecretFiles.Read(pool.Secrets.OperatorKey));
        var wallets = new Wallets(checkout, state, pool.Chain.ChainUrl);
        var chain = new LocalChainClient(http, pool.Chain.ChainUrl);
        var wallet = await wallets.Create("bench", cancel);
        await chain.Faucet(wallet.Address, Ton.FromTon(500), cancel);
        var participant = await client.Register(wallet.Address, cancel);
        await wallets.Stake("bench", pool.Deployment.Registry, Ton.Parse(participant.RequiredStakeNano), cancel);
        await waiting.Until("the stake", TimeSpan.FromSeconds(60), async () => (await client.Participant(wallet.Address, cancel)).State == "active", cancel);
        var key = (await client.CreateKey("client", "bench", "benchmark", cancel)).Key;
        await wallets.Send("bench", pool.Deployment.Distribution, Ton.FromTon(100), "client:bench", cancel);
        var file = await Configuration(state, pool, wallet.Address, backend, (await client.CreateKey("participant", wallet.Address, "bench", cancel)).Key);
        await pool.Supervisor.Start(new ServiceDefinition("agent-bench", ["dotnet", context.Program("Agent", "cocoon-worker"), "run", "-c", file], new ReadyLine("worker ready")) { StopLimit = TimeSpan.FromSeconds(20) }, cancel);
        await waiting.Until("the worker", TimeSpan.FromSeconds(60), async () => (await client.Workers(cancel)).Any(w => w is { State: "active", Connected: true }), cancel);
        return new(state, watchdog, pool, key);
    }

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Run, TimeProvider.System).StopAll();
        await _watchdog.DisposeAsync();
        _state.Remove();
    }

    private static async Task<string> Configuration(StateDirectory state, RunningPool pool, string address, string backend, string key)
    {
        var directory = Path.Combine(state.Agents, "bench");
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "cocoon-worker.yaml");
        await File.WriteAllTextAsync(file,
            $"""
            worker:
              pool_url: "{pool.SiloUrl}"
              participant_address: "{address}"
              worker_id: "bench-worker"
              gpu_devices: [0]
              region: "bench"
              participant_key_file: "{pool.Secrets.Store("bench.key", key)}"
              state_dir: state
            models:
              - name: "{FakeBackend.Model}"
                backend_url: "{backend}/v1"
                max_concurrency: 512
                max_context_length: 4096
            monitoring:
              metrics_port: 0

            """);
        return file;
    }
}
