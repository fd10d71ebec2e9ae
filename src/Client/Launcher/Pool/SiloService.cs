using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>The silo: REST API, console, worker links and grains in one process.</summary>
public sealed class SiloService(Checkout checkout, SecretFiles secrets, int port)
{
    public const string Name = "silo";

    public string Url { get; } = $"http://127.0.0.1:{port}";

    public ServiceDefinition Service(
        string connectionString, ChainServices chain, Deployment deployment, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Silo__Listen"] = Url,
            ["Silo__MetricsListen"] = $"http://127.0.0.1:{FreePort.Any()}",
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
            ["Chain__StakeWallet"] = deployment.StakeWallet,
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return new ServiceDefinition(Name, ["dotnet", checkout.Program("Silo", "cocoon-silo")], new ReadyLine("silo ready"))
        {
            Port = port,
            HealthUrl = Url + "/ready",
            Environment = environment,
            WorkingDirectory = Path.Combine(checkout.Root, "src", "Silo"),
            StopLimit = TimeSpan.FromSeconds(30),
        };
    }
}
