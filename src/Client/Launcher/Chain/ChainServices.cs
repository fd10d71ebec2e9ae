using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Chain;

/// <summary>The local chain, the pool's contracts on it, and the gateway that signs for the pool. All of it runs on Node.</summary>
/// <param name="gatewayPort">Zero as long as it is not chosen.</param>
public sealed class ChainServices(Checkout checkout, StateDirectory state, SecretFiles secrets, int chainPort, int gatewayPort)
{
    public const string ChainName = "localnet";
    public const string GatewayName = "gateway";

    /// <summary>The same chain with its gateway at this port.</summary>
    public ChainServices WithGateway(int port) => new(checkout, state, secrets, chainPort, port);

    public string ChainUrl { get; } = $"http://127.0.0.1:{chainPort}";

    public string GatewayUrl { get; } = $"http://127.0.0.1:{gatewayPort}";

    public string DeploymentState => state.In("chain");

    public ServiceDefinition Localnet() => new(
        ChainName,
        ["node", checkout.Script("localnet/main.js"), "--port", $"{chainPort}", "--state", state.In("localnet"), "--block-ms", "250"],
        new ReadyLine("localnet ready"))
    {
        Port = chainPort,
        HealthUrl = ChainUrl + "/api/v2/getMasterchainInfo",
    };

    public ServiceDefinition Gateway() => new(
        GatewayName,
        ["node", checkout.Script("gateway/main.js"), "--port", $"{gatewayPort}", "--state", DeploymentState, "--endpoint", ChainUrl],
        new ReadyLine("gateway ready"))
    {
        // Every path of the gateway asks for its token, so its health is that its port answers; the silo's readiness asks deeper.
        Port = gatewayPort,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GATEWAY_TOKEN_FILE"] = secrets.GatewayToken },
    };

    /// <summary>Deploys what is not there yet; on a chain that has everything it changes nothing.</summary>
    public async Task<Deployment> Deploy(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(DeploymentState);
        await CommandRun.Require(
            "deploying the contracts",
            ["node", checkout.Script("deploy/main.js"), "--endpoint", ChainUrl, "--state", DeploymentState, "--json"],
            cancellationToken);
        return Deployment.Read(DeploymentState);
    }
}
