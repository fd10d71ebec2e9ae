using System.Net;
using System.Text.Json;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

/// <summary>The agent of docs/examples, which shares no code with the pool: what the protocol's page says is enough.</summary>
public sealed class IndependentAgentTests(LivePool live)
{
    private const string Model = "independent";
    private const string Worker = "independent-agent";
    private const string Chat = "/v1/chat/completions";

    [Fact]
    public async Task AgentWrittenFromTheDocument_ServesTasksAndIsCreditedForThem()
    {
        var fleet = await live.Fleet();
        var owner = await Newcomer.Join(live, "independent");
        await Start(owner, $"{fleet.Backend.Url}/good/v1");

        using var whole = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question(Model));
        using var streamed = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question(Model, stream: true));

        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        whole.Headers.GetValues("X-Worker-ID").ShouldBe([Worker]);
        (await whole.Content.ReadAsStringAsync()).ShouldContain("Hello!");
        var events = (await streamed.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events[^1].ShouldBe("data: [DONE]");
        events.ShouldNotContain(e => e.Contains("\"usage\":{", StringComparison.Ordinal), "the client did not ask for the usage");
        // At once, so that their receipts come in batches under one signature.
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question(Model));
            return response.StatusCode;
        }));
        many.ShouldAllBe(status => status == HttpStatusCode.OK);
        await owner.HasCounted(live, 10);
    }

    private async Task Start(Newcomer owner, string backend)
    {
        var example = Path.Combine(live.Checkout.Root, "docs", "examples", "worker.mjs");
        var config = Path.Combine(owner.Directory, "config.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            pool_url = live.Pool.SiloUrl,
            participant_address = owner.Address,
            participant_key_file = owner.KeyFile,
            worker_id = Worker,
            state_dir = owner.Directory,
            coefficient = 1000,
            region = "tests",
            models = new[] { new { name = Model, backend_url = backend, max_context_length = 4096, max_concurrency = 16 } },
        }));
        await live.Pool.Supervisor.Start(
            new ServiceDefinition($"agent-{Worker}", ["node", example, config], new ReadyLine("worker ready")), CancellationToken.None);
        await live.Waiting.Until("the route", TimeSpan.FromSeconds(30), async () =>
            (await live.Operator.Workers(CancellationToken.None)).Any(w => w is { Id: Worker, State: "active", Connected: true }), CancellationToken.None);
    }
}
