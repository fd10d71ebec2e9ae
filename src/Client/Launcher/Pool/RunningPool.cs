using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>A running pool on this machine: database, chain, contracts, gateway and silo, in the order in which they need each other.</summary>
public sealed class RunningPool
{
    private RunningPool(
        StateDirectory state, SecretFiles secrets, ChainServices chain, string siloUrl, ServiceDefinition silo, Supervisor supervisor, Deployment deployment)
    {
        State = state;
        Secrets = secrets;
        Chain = chain;
        SiloUrl = siloUrl;
        Silo = silo;
        Supervisor = supervisor;
        Deployment = deployment;
    }

    public StateDirectory State { get; }

    public SecretFiles Secrets { get; }

    public ChainServices Chain { get; }

    public Supervisor Supervisor { get; }

    public Deployment Deployment { get; }

    public string SiloUrl { get; }

    /// <summary>How the silo is started, to start it again.</summary>
    public ServiceDefinition Silo { get; }

    public string ConsoleUrl => SiloUrl + "/console/";

    /// <param name="settings">Silo settings of this run, by environment name; they come last and win.</param>
    public static async Task<RunningPool> Start(
        Checkout checkout,
        StateDirectory state,
        IReadOnlyDictionary<string, string> settings,
        Report report,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var secrets = new SecretFiles(state);
        var supervisor = new Supervisor(state, time);
        var silo = new SiloService(checkout, secrets, FreePort.Configured("COCOON_PORT"));
        var chain = new ChainServices(checkout, state, secrets, FreePort.Configured("COCOON_CHAIN_PORT"), FreePort.Configured("COCOON_GATEWAY_PORT"));

        // The database and the chain do not know each other: both start at once. What is to be said waits for the end of the step's line.
        var notes = new List<string>();
        var starting = report.Step("PostgreSQL and the local TON chain", async () =>
        {
            var localnet = supervisor.Start(chain.Localnet(), cancellationToken);
            var cluster = await PostgresCluster.Prepare(state, secrets, notes.Add, time, cancellationToken);
            await supervisor.Start(cluster.Service(), cancellationToken);
            await cluster.CreateDatabase(cancellationToken);
            await localnet;
            return cluster;
        });
        var database = (await starting).ConnectionString;
        notes.ForEach(report.Line);
        var deployment = await report.Step("the pool's contracts on the chain", () => chain.Deploy(cancellationToken));
        await report.Step("chain gateway", () => supervisor.Start(chain.Gateway(), cancellationToken));
        var service = silo.Service(database, chain, deployment, settings);
        await report.Step("silo with REST API and console", () => supervisor.Start(service, cancellationToken));
        return new RunningPool(state, secrets, chain, silo.Url, service, supervisor, deployment);
    }
}
