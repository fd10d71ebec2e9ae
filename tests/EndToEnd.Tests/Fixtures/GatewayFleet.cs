using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>
/// Three more agents, real processes, in front of a back end in the test's process. Each model stands for one situation: the first
/// agent's back end misbehaves, the second's answers, the third's is slow.
/// </summary>
public sealed class GatewayFleet : IAsyncDisposable
{
    /// <summary>What a misbehaving back end does, and so the name of its model: <c>error500-or-good</c> and so on.</summary>
    public static readonly string[] Alternatives = ["error500", "busy", "garbage", "never"];

    private static readonly string[] Single = ["good", "refuses", "breaks", "endless", "gated", "error500"];

    private GatewayFleet(FakeBackend backend) => Backend = backend;

    public FakeBackend Backend { get; }

    /// <summary>NanoTON per million tokens of the models <c>paid</c> and <c>paid-breaks</c>.</summary>
    public const long PromptPrice = 2_000_000_000;
    public const long CompletionPrice = 16_000_000_000;

    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Inference__FirstTokenTime"] = "00:00:02",
        ["Inference__SilentTime"] = "00:00:05",
        ["Inference__Models__0__Name"] = "paid",
        ["Inference__Models__0__PromptPriceNano"] = $"{PromptPrice}",
        ["Inference__Models__0__CompletionPriceNano"] = $"{CompletionPrice}",
        ["Inference__Models__1__Name"] = "paid-breaks",
        ["Inference__Models__1__PromptPriceNano"] = $"{PromptPrice}",
        ["Inference__Models__1__CompletionPriceNano"] = $"{CompletionPrice}",
        ["Inference__Models__2__Name"] = "hedged",
        ["Inference__Models__2__Hedge"] = "true",
        // In turn, so that every other request meets the worker that is slow.
        ["Inference__Models__2__Policy"] = "round-robin",
        ["Metering__BookInterval"] = "00:00:00.200",
        ["Metering__IdleTime"] = "00:00:01",
    };

    public static async Task<GatewayFleet> Start(LivePool live)
    {
        var models = Single.Concat(Alternatives.Select(a => $"{a}-or-good")).Concat(["paid", "paid-breaks", "hedged"]).ToArray();
        var fleet = new GatewayFleet(await FakeBackend.Start(models));
        // Two more GPUs each are a higher stake tier.
        foreach (var member in live.Members)
            await live.Wallets.Send(member.Name, live.Pool.Deployment.StakeWallet, Ton.FromTon(300), "stake", CancellationToken.None);
        await live.Waiting.Until("the higher stakes", TimeSpan.FromSeconds(60), async () =>
        {
            foreach (var member in live.Members)
            {
                if (Ton.Parse((await live.Operator.Participant(member.Wallet.Address, CancellationToken.None)).StakeNano) < Ton.FromTon(400))
                    return false;
            }
            return true;
        }, CancellationToken.None);
        await fleet.Join(live, 0, "gateway-first", [.. Single.Select(b => (b, b)), .. Alternatives.Select(a => ($"{a}-or-good", a)), ("paid", "good"), ("paid-breaks", "breaks")]);
        await fleet.Join(live, 1, "gateway-second", [.. Alternatives.Select(a => ($"{a}-or-good", "good")), ("hedged", "good")]);
        // An agent of its own: the breaker of the first one, whose back ends misbehave, opens now and then.
        await fleet.Join(live, 0, "gateway-slow", [("hedged", "never-if-slow")]);
        await live.Waiting.Until("the routes", TimeSpan.FromSeconds(60), async () =>
            (await live.Operator.Workers(CancellationToken.None)).Count(w => w.Id.StartsWith("gateway-", StringComparison.Ordinal) && w is { State: "active", Connected: true }) == 3, CancellationToken.None);
        return fleet;
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    private async Task Join(LivePool live, int member, string id, (string Model, string Behaviour)[] models)
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
              - name: "{m.Model}"
                backend_url: "{Backend.Url}/{m.Behaviour}/v1"
                max_concurrency: 64
                max_context_length: 4096

            """))}
            monitoring:
              metrics_port: 0

            """);
        await live.Pool.Supervisor.Start(
            new ServiceDefinition($"agent-{id}", ["dotnet", live.Checkout.Program("Agent", "cocoon-worker"), "run", "-c", file], new ReadyLine("worker ready"))
            {
                StopLimit = TimeSpan.FromSeconds(20),
            }, CancellationToken.None);
    }
}
