using System.Net;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

/// <summary>A worker that polls the one silo: its tasks count as those of a stream do.</summary>
public sealed class PollingWorkerTests(LivePool live)
{
    private const string Model = "polled";

    [Fact]
    public async Task PollingWorker_ServesATaskAndIsCreditedForIt()
    {
        var silo = live.Pool.SiloUrl;
        var owner = await Newcomer.Join(live, "poller");
        using var worker = new PollingWorker(live.Http, owner, "polling-worker", Model);
        await worker.Register(silo);
        (await worker.Poll(silo, 0)).Body.GetProperty("task").ValueKind.ShouldBe(JsonValueKind.Null);
        await live.Waiting.Until("the model", TimeSpan.FromSeconds(20), async () =>
        {
            using var models = await live.Send(HttpMethod.Get, "/v1/models");
            return (await models.Content.ReadAsStringAsync()).Contains($"\"{Model}\"", StringComparison.Ordinal);
        }, CancellationToken.None);

        var asking = live.Send(HttpMethod.Post, "/v1/chat/completions", PassThroughTests.Question(Model));
        var task = await worker.Task(silo);
        var started = TimeProvider.System.GetUtcNow();
        (await worker.Beat(silo)).ShouldBe(HttpStatusCode.OK);
        var submitted = await worker.Submit(silo, task, "Polled!");
        using var response = await asking;

        submitted.Status.ShouldBe(HttpStatusCode.OK, submitted.Body.ToString());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Polled!");
        var recorded = await worker.Record(silo, task, started, TimeProvider.System.GetUtcNow());
        recorded.Status.ShouldBe(HttpStatusCode.Created, recorded.Body.ToString());
        await owner.HasCounted(live, 1);
    }
}
