using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Network;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Pool;

/// <summary>
/// The pool's real processes, started by the launcher's parts, with a proxy of the harness in every link between them and a keeper that
/// starts again whatever dies, as systemd or an orchestrator would.
/// </summary>
public sealed class ChaosPool : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _kept = [];
    private readonly TimeProvider _time;
    private readonly TextWriter _keeperLog;

    private ChaosPool(StateDirectory state, ChaosDisk disk, TimeProvider time)
    {
        (State, Disk, _time) = (state, disk, time);
        Secrets = new SecretFiles(state);
        Supervisor = new Supervisor(state, time);
        Clocks = new ProcessClocks(state.In("clocks"));
        _keeperLog = TextWriter.Synchronized(new StreamWriter(state.Log(Keeper.Name), append: true) { AutoFlush = true });
    }

    public StateDirectory State { get; }

    public ChaosDisk Disk { get; }

    public SecretFiles Secrets { get; }

    public Supervisor Supervisor { get; }

    public ProcessClocks Clocks { get; }

    public ChaosLinks Links { get; private set; } = null!;

    /// <summary>Without the proxies: for the auditor.</summary>
    public ChainServices Chain { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    public string SiloUrl { get; private set; } = "";

    /// <summary>Without the proxy: for the auditor.</summary>
    public string DatabaseConnection { get; private set; } = "";

    public string DatabaseFolder { get; private set; } = "";

    public IReadOnlyList<RunRecord> Services => [.. RunRecord.ReadAll(State.Run).Where(record => record.Name != Keeper.Name)];

    /// <param name="root">A folder of this harness alone.</param>
    /// <param name="receipts">Hears what the silo tells the agents.</param>
    public static async Task<ChaosPool> Start(
        Checkout checkout, string root, int diskMebibytes, ReceiptBook receipts, Report report, TimeProvider time, CancellationToken cancel)
    {
        var disk = await ChaosDisk.Mount(Path.Combine(root, "pool"), diskMebibytes, cancel);
        var state = new StateDirectory(disk.Path);
        KeepOutside(root, state.Logs, state.Run, state.In("clocks"));
        state.Create();
        var pool = new ChaosPool(state, disk, time);
        try
        {
            await pool.Start(checkout, receipts, report, cancel);
            return pool;
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service and starts it again whenever it dies.</summary>
    public async Task StartKept(ServiceDefinition service, CancellationToken cancel)
    {
        await Supervisor.Start(service, cancel);
        _kept.Add(new Keeper(State, _keeperLog, _time).Run([service], _end.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_kept).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await new ServiceStop(State.Run, _time).StopAll();
        if (Links is not null)
            await Links.DisposeAsync();
        await _keeperLog.DisposeAsync();
        await Disk.Unmount();
        _end.Dispose();
    }

    private async Task Start(Checkout checkout, ReceiptBook receipts, Report report, CancellationToken cancel)
    {
        var notes = new List<string>();
        await report.Step("PostgreSQL and the local TON chain", async () =>
        {
            Chain = await PortChoice.Start(() => new ChainServices(checkout, State, Secrets, FreePort.Any(), 0), chosen => StartKept(chosen.Localnet(), cancel));
            var prepared = await PostgresCluster.Prepare(State, Secrets, notes.Add, _time, cancel);
            var cluster = await PortChoice.Start(() => prepared.At(FreePort.Any()), chosen => StartKept(chosen.Service(), cancel));
            await cluster.CreateDatabase(cancel);
            (DatabaseConnection, DatabaseFolder) = (cluster.ConnectionString, cluster.DataDirectory);
            Deployment = await Chain.Deploy(cancel);
        });
        notes.ForEach(report.Line);
        await report.Step("chain gateway and silo, with a proxy in every link", async () =>
        {
            var database = new Npgsql.NpgsqlConnectionStringBuilder(DatabaseConnection);
            var chainLink = TcpProxy.Start(new Uri(Chain.ChainUrl).Port, _time);
            Chain = await PortChoice.Start(() => Chain.WithGateway(FreePort.Any()), chosen => StartKept(Clocks.WithClock(Through(chosen.Gateway(), chosen.ChainUrl, chainLink.Url)), cancel));
            var ports = SiloPorts.Keep(State, 1, null);
            Links = new(
                TcpProxy.Start(database.Port, _time), TcpProxy.Start(new Uri(Chain.GatewayUrl).Port, _time), chainLink, TcpProxy.Start(ports.Http, _time, receipts.Listen));
            database.Port = Links.Database.Port;
            var silo = new SiloService(checkout, Secrets, 1, ports);
            var settings = new Dictionary<string, string>(ChaosSettings.Silo, StringComparer.Ordinal) { ["Chain__GatewayUrl"] = Links.Gateway.Url };
            await StartKept(Clocks.WithClock(silo.Service(database.ConnectionString, Chain, Deployment, settings)), cancel);
            SiloUrl = silo.Url;
        });
    }

    private static ServiceDefinition Through(ServiceDefinition service, string direct, string proxied) =>
        service with { Command = [.. service.Command.Select(word => string.Equals(word, direct, StringComparison.Ordinal) ? proxied : word)] };

    /// <summary>What the harness itself writes must find room when the pool's disk is full.</summary>
    private static void KeepOutside(string root, params string[] folders)
    {
        foreach (var folder in folders)
        {
            var outside = Path.Combine(root, Path.GetFileName(folder));
            Directory.CreateDirectory(outside);
            if (!Directory.Exists(folder))
                Directory.CreateSymbolicLink(folder, outside);
        }
    }
}
