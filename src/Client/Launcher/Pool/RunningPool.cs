using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>A running pool on this machine: database, chain, contracts, gateway and silos, in the order in which they need each other.</summary>
public sealed class RunningPool
{
    private RunningPool(
        StateDirectory state, SecretFiles secrets, ChainServices chain, IReadOnlyList<string> siloUrls, IReadOnlyList<ServiceDefinition> silos,
        Supervisor supervisor, Deployment deployment)
    {
        State = state;
        Secrets = secrets;
        Chain = chain;
        SiloUrls = siloUrls;
        Silos = silos;
        Supervisor = supervisor;
        Deployment = deployment;
    }

    public StateDirectory State { get; }

    public SecretFiles Secrets { get; }

    public ChainServices Chain { get; }

    public Supervisor Supervisor { get; }

    public Deployment Deployment { get; }

    /// <summary>Every silo's address; each serves all of the pool.</summary>
    public IReadOnlyList<string> SiloUrls { get; }

    /// <summary>Where each silo lets Orleans clients in; nobody listens there with the local engine.</summary>
    public IReadOnlyList<string> Gateways => [.. Silos.Select(silo => $"127.0.0.1:{silo.Environment["Orleans__GatewayPort"]}")];

    public string SiloUrl => SiloUrls[0];

    /// <summary>How the silos are started, to start them again.</summary>
    public IReadOnlyList<ServiceDefinition> Silos { get; }

    public ServiceDefinition Silo => Silos[0];

    public string ConsoleUrl => SiloUrl + "/console/";

    /// <summary>Leaves the silos to a keeper, which starts again those that die.</summary>
    public Task KeepSilos(CancellationToken cancellationToken) => Supervisor.Start(Keeper.Service(State, Silos), cancellationToken);

    /// <summary>Starts a pool with one silo.</summary>
    /// <param name="settings">Silo settings of this run, by environment name; they come last and win.</param>
    public static Task<RunningPool> Start(
        Checkout checkout,
        StateDirectory state,
        IReadOnlyDictionary<string, string> settings,
        Report report,
        TimeProvider time,
        CancellationToken cancellationToken) => Start(checkout, state, 1, settings, report, time, cancellationToken);

    /// <param name="silos">How many silo processes; more than one need the Orleans engine.</param>
    /// <param name="settings">Settings of every silo, by environment name; they come last and win.</param>
    public static async Task<RunningPool> Start(
        Checkout checkout,
        StateDirectory state,
        int silos,
        IReadOnlyDictionary<string, string> settings,
        Report report,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var secrets = new SecretFiles(state);
        var supervisor = new Supervisor(state, time);
        // A port that a person named and that is taken is told before anything is started.
        var named = FreePort.Named("COCOON_PORT");

        // The database and the chain do not know each other: both start at once. What is to be said waits for the end of the step's line.
        var notes = new List<string>();
        var starting = report.Step("PostgreSQL and the local TON chain", async () =>
        {
            var localnet = PortChoice.Start(
                () => new ChainServices(checkout, state, secrets, FreePort.Configured("COCOON_CHAIN_PORT"), 0), chosen => supervisor.Start(chosen.Localnet(), cancellationToken));
            var prepared = await PostgresCluster.Prepare(state, secrets, notes.Add, time, cancellationToken);
            var cluster = await PortChoice.Start(() => prepared.At(FreePort.Any()), chosen => supervisor.Start(chosen.Service(), cancellationToken));
            await cluster.CreateDatabase(cancellationToken);
            return (cluster.ConnectionString, await localnet);
        });
        var (database, chain) = await starting;
        notes.ForEach(report.Line);
        var deployment = await report.Step("the pool's contracts on the chain", () => chain.Deploy(cancellationToken));
        await report.Step("chain gateway", async () => chain = await PortChoice.Start(
            () => chain.WithGateway(FreePort.Configured("COCOON_GATEWAY_PORT")), chosen => supervisor.Start(chosen.Gateway(), cancellationToken)));
        var started = new List<(string Url, ServiceDefinition Definition)>();
        await report.Step($"{(silos == 1 ? "silo" : $"{silos} silos")} with REST API and console", async () =>
        {
            // One after the other: the first brings the schema up to date, the others find the cluster that it begins.
            for (var number = 1; number <= silos; number++)
            {
                var (at, http) = (number, number == 1 ? named : null);
                started.Add(await PortChoice.Start(
                    () =>
                    {
                        var service = new SiloService(checkout, secrets, at, SiloPorts.Keep(state, at, http));
                        return (service.Url, Definition: service.Service(database, chain, deployment, settings));
                    },
                    chosen => supervisor.Start(chosen.Definition, cancellationToken)));
            }
        });
        return new RunningPool(state, secrets, chain, started.ConvertAll(silo => silo.Url), started.ConvertAll(silo => silo.Definition), supervisor, deployment);
    }
}
