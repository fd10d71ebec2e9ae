using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class OpenAiClientTests(LivePool live)
{
    [Fact]
    public async Task OfficialNodeClient_WorksUnchanged()
    {
        await live.Fleet();
        var key = (await live.Operator.CreateKey("client", "penniless", "end-to-end tests", CancellationToken.None)).Key;
        var script = Path.Combine(live.Checkout.Root, "tests", "EndToEnd.Tests", "openai-client", "client.mjs");

        var run = await CommandRun.Of(["node", script], CancellationToken.None, environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BASE_URL"] = live.Pool.SiloUrl + "/v1",
            ["API_KEY"] = key,
            ["MODEL"] = LivePool.Model,
            ["TOOLS_MODEL"] = "good",
            ["BREAKING_MODEL"] = "breaks",
            ["PAID_MODEL"] = "paid",
        });

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(12);
    }
}
