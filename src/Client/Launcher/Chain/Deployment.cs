using System.Text.Json;

namespace CocoonPool.Client.Launcher.Chain;

/// <summary>What the deployer wrote down: the pool's addresses on the chain.</summary>
public sealed record Deployment(string Network, string OperatorWallet, string Distribution, string Registry, string Chain)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Deployment Read(string chainState)
    {
        var path = Path.Combine(chainState, "deployment.json");
        if (!File.Exists(path))
            throw new LauncherException($"{path} is missing: the contracts were not deployed.");
        return JsonSerializer.Deserialize<Deployment>(File.ReadAllText(path), Format) is { Distribution: not null, Registry: not null, OperatorWallet: not null } deployment
            ? deployment
            : throw new LauncherException($"{path} does not name the pool's addresses.");
    }
}
