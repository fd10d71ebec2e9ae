using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>A member's worker agent: its configuration file and the process that reads it.</summary>
public sealed class AgentService(Checkout checkout, StateDirectory state, SecretFiles secrets)
{
    /// <summary>Milliseconds per token of the built-in text model: slow enough to see tokens come one by one.</summary>
    private const int TokenMilliseconds = 3;

    /// <param name="gateways">The silos' Orleans gateways when the agent is to come in by grain calls, else null.</param>
    public ServiceDefinition For(DemoMember member, IReadOnlyList<string> poolUrls, string participantKey, IReadOnlyList<string> models, IReadOnlyList<string>? gateways = null)
    {
        var directory = Path.Combine(state.Agents, member.Name);
        Directory.CreateDirectory(directory);
        var keyFile = secrets.Store($"{member.Name}.key", participantKey);
        var file = Path.Combine(directory, "cocoon-worker.yaml");
        File.WriteAllText(file, Configuration(member, poolUrls, keyFile, models, gateways));
        return new ServiceDefinition($"agent-{member.Name}", ["dotnet", checkout.Program("Agent", "cocoon-worker"), "run", "-c", file], new ReadyLine("worker ready"))
        {
            StopLimit = TimeSpan.FromSeconds(20),
        };
    }

    private static string Configuration(DemoMember member, IReadOnlyList<string> poolUrls, string keyFile, IReadOnlyList<string> models, IReadOnlyList<string>? gateways) =>
        $"""
        worker:
          pool_url: [{string.Join(", ", poolUrls.Select(url => $"\"{url}\""))}]
          {(gateways is null ? "transport: websocket" : $"transport: orleans\n  gateways: [{string.Join(", ", gateways.Select(gateway => $"\"{gateway}\""))}]")}
          participant_address: "{member.Wallet.Address}"
          worker_id: "{member.WorkerId}"
          gpu_devices: [{string.Join(", ", Enumerable.Range(0, member.Gpus))}]
          region: "demo"
          participant_key_file: "{keyFile}"
          state_dir: state
        models:
        {string.Concat(models.Select(model => $"""
          - name: "{model}"
            backend_url: "demo:?token_ms={TokenMilliseconds}"
            max_concurrency: 4
            max_context_length: 4096

        """))}
        monitoring:
          metrics_port: 0

        """;
}
