using CocoonPool.Client.Launcher.Reporting;

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
        ["Inference__FirstTokenTime"] = "00:00:04",
        ["Inference__SilentTime"] = "00:00:05",
        ["Inference__ReaderTime"] = "00:00:10",
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
        ["Inference__Models__3__Name"] = "stormy",
        ["Inference__Models__3__PromptPriceNano"] = $"{PromptPrice}",
        ["Inference__Models__3__CompletionPriceNano"] = $"{CompletionPrice}",
        ["Inference__Models__4__Name"] = "flood",
        ["Inference__Models__4__PromptPriceNano"] = $"{PromptPrice}",
        ["Inference__Models__4__CompletionPriceNano"] = $"{CompletionPrice}",
        ["Inference__Models__5__Name"] = "paid-gated",
        ["Inference__Models__5__PromptPriceNano"] = $"{PromptPrice}",
        ["Inference__Models__5__CompletionPriceNano"] = $"{CompletionPrice}",
        ["Metering__BookInterval"] = "00:00:00.200",
        ["Metering__IdleTime"] = "00:00:01",
    };

    public static async Task<GatewayFleet> Start(LivePool live)
    {
        var models = Single.Concat(Alternatives.Select(a => $"{a}-or-good")).Concat(["paid", "paid-breaks", "paid-gated", "hedged"]).ToArray();
        var fleet = new GatewayFleet(await FakeBackend.Start(models));
        // Two more GPUs each are a higher stake tier.
        foreach (var member in live.Members)
            await live.Wallets.Stake(member.Name, live.Pool.Deployment.Registry, Ton.FromTon(300), CancellationToken.None);
        await live.Waiting.Until("the higher stakes", TimeSpan.FromSeconds(60), async () =>
        {
            foreach (var member in live.Members)
            {
                if (Ton.Parse((await live.Operator.Participant(member.Wallet.Address, CancellationToken.None)).StakeNano) < Ton.FromTon(400))
                    return false;
            }
            return true;
        }, CancellationToken.None);
        var url = fleet.Backend.Url;
        await AgentProcess.Join(live, 0, "gateway-first", url, [.. Single.Select(b => new HostedModel(b, b)), .. Alternatives.Select(a => new HostedModel($"{a}-or-good", a)), new("paid", "good"), new("paid-breaks", "breaks"), new("paid-gated", "gated")]);
        await AgentProcess.Join(live, 1, "gateway-second", url, [.. Alternatives.Select(a => new HostedModel($"{a}-or-good", "good")), new("hedged", "good")]);
        // An agent of its own: the breaker of the first one, whose back ends misbehave, opens now and then.
        await AgentProcess.Join(live, 0, "gateway-slow", url, [new("hedged", "never-if-slow")]);
        await live.Waiting.Until("the routes", TimeSpan.FromSeconds(60), async () =>
            (await live.Operator.Workers(CancellationToken.None)).Count(w => w.Id.StartsWith("gateway-", StringComparison.Ordinal) && w is { State: "active", Connected: true }) == 3, CancellationToken.None);
        return fleet;
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}
