using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <param name="Behaviour">The first part of the back end's path.</param>
public sealed record HostedModel(string Name, string Behaviour, int Slots = 64);

/// <summary>A worker agent as a real process in front of a back end of the test's.</summary>
public sealed class AgentProcess
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly LivePool _live;
    private readonly ServiceDefinition _service;

    private AgentProcess(LivePool live, string id, ServiceDefinition service) => (_live, Id, _service) = (live, id, service);

    public string Id { get; }

    /// <summary>The process as it was started last.</summary>
    public ProcessIdentity Process => RunRecord.Find(_live.Pool.State.Run, _service.Name)!.Process;

    public static async Task<AgentProcess> Join(LivePool live, int member, string id, string backend, IEnumerable<HostedModel> models)
    {
        var directory = Path.Combine(live.Pool.State.Agents, id);
        Directory.CreateDirectory(directory);
        var key = await live.Operator.CreateKey("participant", live.Members[member].Wallet.Address, id, CancellationToken.None);
        var file = Path.Combine(directory, "cocoon-worker.yaml");
        await File.WriteAllTextAsync(file,
            $"""
            worker:
              pool_url: "{live.Pool.SiloUrl}"
              participant_address: "{live.Members[member].Wallet.Address}"
              worker_id: "{id}"
              gpu_devices: [0]
              region: "tests"
              participant_key_file: "{live.Pool.Secrets.Store($"{id}.key", key.Key)}"
              state_dir: state
            models:
            {string.Concat(models.Select(m => $"""
              - name: "{m.Name}"
                backend_url: "{backend}/{m.Behaviour}/v1"
                max_concurrency: {m.Slots}
                max_context_length: 4096

            """))}
            monitoring:
              metrics_port: 0
              traces_url: "{live.Traces.Url}"

            """);
        var service = new ServiceDefinition($"agent-{id}", ["dotnet", live.Checkout.Program("Agent", "cocoon-worker"), "run", "-c", file], new ReadyLine("worker ready"))
        {
            StopLimit = TimeSpan.FromSeconds(20),
        };
        var agent = new AgentProcess(live, id, service);
        await agent.Start();
        return agent;
    }

    /// <summary>Starts it, again when it was killed, and waits until its stream is open.</summary>
    public Task Start() => _live.Pool.Supervisor.Start(_service, CancellationToken.None);

    public void Kill() => ProcessSignal.Send(Process.Pid, ProcessSignal.Kill);

    /// <summary>Stops its clock: the connections stay, and nothing answers on them.</summary>
    public void Freeze() => ProcessSignal.Send(Process.Pid, Stop);

    public void Thaw() => ProcessSignal.Send(Process.Pid, Continue);
}
