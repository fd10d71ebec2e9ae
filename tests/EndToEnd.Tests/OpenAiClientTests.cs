using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class OpenAiClientTests(LivePool live)
{
    [Fact]
    public async Task OfficialNodeClient_WorksUnchanged()
    {
        var script = Path.Combine(live.Checkout.Root, "tests", "EndToEnd.Tests", "openai-client", "client.mjs");

        var run = await CommandRun.Of(["node", script], CancellationToken.None, environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BASE_URL"] = live.Pool.SiloUrl + "/v1",
            ["API_KEY"] = live.ClientKey,
            ["MODEL"] = LivePool.Model,
        });

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(7);
    }
}
