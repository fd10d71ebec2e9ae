using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>Three agents of different sizes, real processes that tests kill and freeze, and what the pool says of itself meanwhile.</summary>
public sealed class ChaosFleet(LivePool live) : IAsyncLifetime
{
    /// <summary>From COCOON_CHAOS_SEED, or drawn: every failure says it.</summary>
    public int Seed { get; } = Option("COCOON_CHAOS_SEED", Random.Shared.Next(1_000_000));

    public ChaosBackend Backend { get; private set; } = null!;

    public IReadOnlyList<AgentProcess> Agents { get; private set; } = [];

    /// <summary>How long the storm is: COCOON_CHAOS_SECONDS, or short enough for every run of the tests.</summary>
    public static TimeSpan Duration => TimeSpan.FromSeconds(Option("COCOON_CHAOS_SECONDS", 20));

    public async ValueTask InitializeAsync()
    {
        // Raises the stakes that further agents need.
        await live.Fleet();
        Backend = await ChaosBackend.Start(Seed);
        Agents =
        [
            await AgentProcess.Join(live, 0, "chaos-small", Backend.Url, [new("stormy", "moody", 4), new("skewed", "good", 2)]),
            await AgentProcess.Join(live, 1, "chaos-middle", Backend.Url, [new("stormy", "moody", 8), new("skewed", "good", 4), new("fragile", "fragile")]),
            await AgentProcess.Join(live, 1, "chaos-large", Backend.Url, [new("stormy", "good", 16), new("skewed", "good", 16), new("flood", "flood"), new("calm", "good")]),
        ];
        await AllServe();
    }

    public static int Option(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : usual;

    public Task AllServe() => live.Waiting.Until($"all agents to serve (seed {Seed})", TimeSpan.FromSeconds(60), async () =>
        (await live.Operator.Workers(CancellationToken.None)).Count(w => w.Id.StartsWith("chaos-", StringComparison.Ordinal) && w is { State: "active", Connected: true }) == Agents.Count,
        CancellationToken.None);

    /// <summary>One figure of the silo's metrics; 0 while it is not there.</summary>
    /// <param name="series">The name, with its labels when it has some.</param>
    public async Task<double> Metric(string series)
    {
        var metrics = await live.Http.GetStringAsync(live.Pool.Silo.Environment["Silo__MetricsListen"] + "/metrics");
        var line = metrics.Split('\n').SingleOrDefault(l => l.StartsWith($"{series} ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>What the routing says of a model's workers.</summary>
    public async Task<IReadOnlyList<JsonElement>> Offers(string model)
    {
        using var response = await live.Send(HttpMethod.Post, "/api/v1/optimization/assign", JsonContent.Create(new { model }));
        var explained = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. explained.GetProperty("alternatives").EnumerateArray(), .. explained.GetProperty("chosen") is { ValueKind: JsonValueKind.Object } chosen ? new[] { chosen } : []];
    }

    /// <summary>Nothing runs and nothing waits: every slot was given back.</summary>
    public Task IsIdle(string model) => live.Waiting.Until($"every slot of {model} to be given back (seed {Seed})", TimeSpan.FromSeconds(60), async () =>
        (await Offers(model)).All(o => o.GetProperty("running").GetInt32() == 0)
        && await Metric($"inference_running{{model=\"{model}\"}}") == 0 && await Metric($"inference_waiting{{model=\"{model}\"}}") == 0, CancellationToken.None);

    public ProcessMemory SiloMemory() => new(RunRecord.Find(live.Pool.State.Run, live.Pool.Silo.Name)!.Process.Pid);

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
            agent.Kill();
        await Backend.DisposeAsync();
    }
}

/// <summary>The tests that share the fleet.</summary>
[CollectionDefinition(nameof(ChaosTests))]
public sealed class ChaosTests : ICollectionFixture<ChaosFleet>;

/// <summary>The memory of one process from one moment on, in bytes that are resident.</summary>
public sealed class ProcessMemory(int pid)
{
    private readonly long _before = Resident(pid);
    private long _most;

    /// <summary>How much more it had at most, of the moments at which it was looked at.</summary>
    public long Growth => Math.Max(0, _most - _before);

    public void Look() => _most = Math.Max(_most, Resident(pid));

    private static long Resident(int pid) => long.Parse(
        File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
