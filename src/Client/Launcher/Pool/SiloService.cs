using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>A silo: REST API, console, worker links and grains in one process.</summary>
/// <param name="number">1 for the first silo of the pool.</param>
public sealed class SiloService(Checkout checkout, SecretFiles secrets, int number, SiloPorts ports)
{
    /// <summary>The name of the first silo; the others add their number.</summary>
    public const string Name = "silo";

    public string ServiceName { get; } = number == 1 ? Name : $"{Name}-{number}";

    public string Url { get; } = $"http://127.0.0.1:{ports.Http}";

    public static bool IsName(string service) =>
        string.Equals(service, Name, StringComparison.Ordinal) || service.StartsWith(Name + "-", StringComparison.Ordinal);

    public ServiceDefinition Service(
        string connectionString, ChainServices chain, Deployment deployment, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Silo__Listen"] = Url,
            ["Silo__MetricsListen"] = $"http://127.0.0.1:{ports.Metrics}",
            ["Orleans__SiloPort"] = $"{ports.Cluster}",
            ["Orleans__GatewayPort"] = $"{ports.Gateway}",
            // The Orleans AdoNet figures: prepared statements and no reset on close more than double the state writes.
            ["ConnectionStrings__Pool"] = connectionString + ";Max Auto Prepare=30;No Reset On Close=true",
            ["Pool__Id"] = "main",
            ["Pool__Name"] = "Cocoon Pool",
            ["Pool__OperatorWallet"] = deployment.OperatorWallet,
            ["Pool__Network"] = "Local",
            ["Pool__OperatorKeyFile"] = secrets.OperatorKey,
            ["Pool__TicketKeyFile"] = secrets.TicketKey,
            ["Chain__GatewayUrl"] = chain.GatewayUrl,
            ["Chain__GatewayTokenFile"] = secrets.GatewayToken,
            ["Chain__Distribution"] = deployment.Distribution,
            ["Chain__Registry"] = deployment.Registry,
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return new ServiceDefinition(ServiceName, ["dotnet", checkout.Program("Silo", "cocoon-silo")], new ReadyLine("silo ready"))
        {
            Port = ports.Http,
            HealthUrl = Url + "/ready",
            Environment = environment,
            WorkingDirectory = Path.Combine(checkout.Root, "src", "Silo"),
            StopLimit = TimeSpan.FromSeconds(30),
        };
    }
}
