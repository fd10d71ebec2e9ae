using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

public sealed class PoolInferenceTests(LivePool live)
{
    [Fact]
    public async Task Submit_AnswersInThePoolsShape_AndServesARequestIdOnce()
    {
        var fleet = await live.Fleet();
        var id = $"{Guid.NewGuid():n}";
        var before = fleet.Backend.Received.Count(r => r.Behaviour == "good");

        var first = await Submit(Body(id));
        var second = await Submit(Body(id));

        first.Status.ShouldBe(HttpStatusCode.OK);
        first.Answer.GetProperty("request_id").GetString().ShouldBe(id);
        first.Answer.GetProperty("response").GetProperty("content").GetString().ShouldBe("Hello!");
        first.Answer.GetProperty("usage").GetProperty("total_tokens").GetInt64().ShouldBe(13);
        JsonElement.DeepEquals(first.Answer, second.Answer).ShouldBeTrue();
        fleet.Backend.Received.Count(r => r.Behaviour == "good").ShouldBe(before + 1);
    }

    [Fact]
    public async Task Submit_WithAUsedRequestIdAndAnotherBody_IsAConflict()
    {
        await live.Fleet();
        var id = $"{Guid.NewGuid():n}";
        await Submit(Body(id));

        var other = await Submit(Body(id, content: "Something else"));

        other.Status.ShouldBe(HttpStatusCode.Conflict);
        other.Answer.GetProperty("error").GetProperty("code").GetString().ShouldBe("idempotency_conflict");
    }

    [Fact]
    public async Task Submit_ThatFailed_MayBeTriedAgainWithItsRequestId()
    {
        await live.Fleet();
        var id = $"{Guid.NewGuid():n}";

        (await Submit(Body(id, model: "refuses"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Submit(Body(id, model: "refuses"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Stream_SendsTokensAndThenTheUsage()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, "/api/v1/inference/stream", JsonContent.Create(Body(null)));
        var text = await response.Content.ReadAsStringAsync();

        text.Split("event: token").Length.ShouldBe(4);
        text.ShouldContain("event: token\ndata: {\"token\":\"Hel\",\"token_id\":0}");
        text.ShouldContain("event: done\ndata: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3,\"total_tokens\":13}}");
    }

    [Fact]
    public async Task Stream_ThatBreaksOff_SaysSo()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, "/api/v1/inference/stream", JsonContent.Create(Body(null, model: "breaks")));

        (await response.Content.ReadAsStringAsync()).ShouldContain("event: error");
    }

    [Fact]
    public async Task Submit_WithTheRequestIdOfAnotherClient_IsServedOnItsOwn()
    {
        var fleet = await live.Fleet();
        var id = $"{Guid.NewGuid():n}";
        var other = (await live.Operator.CreateKey("client", $"other-{id}", "another client", CancellationToken.None)).Key;
        var before = fleet.Backend.Received.Count(r => r.Behaviour == "good");

        await Submit(Body(id));
        (await Submit(Body(id, content: "What did they say?"), other)).Status.ShouldBe(HttpStatusCode.OK, "the id is theirs, and so it is free");
        var same = await Submit(Body(id), other);

        same.Status.ShouldBe(HttpStatusCode.Conflict, "and it is used now");
        fleet.Backend.Received.Count(r => r.Behaviour == "good").ShouldBe(before + 2);
    }

    [Fact]
    public async Task Stream_AskedForAgainWhileItRuns_IsAConflict_AndAfterItsClientLeftMayBeTriedAgain()
    {
        await live.Fleet();
        var id = $"{Guid.NewGuid():n}";
        using (var first = await live.Send(HttpMethod.Post, "/api/v1/inference/stream", JsonContent.Create(Body(id, model: "gated"))))
        {
            using var reader = new StreamReader(await first.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync()).ShouldBe("event: token");
            using var second = await live.Send(HttpMethod.Post, "/api/v1/inference/stream", JsonContent.Create(Body(id, model: "gated")));
            second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        await live.Waiting.Until("the id to be free again", TimeSpan.FromSeconds(20), async () =>
        {
            using var again = await live.Send(HttpMethod.Post, "/api/v1/inference/stream", JsonContent.Create(Body(id, model: "gated")));
            return again.StatusCode == HttpStatusCode.OK;
        }, CancellationToken.None);
    }

    [Fact]
    public async Task Submit_WithARequestIdThatNoDatabaseHolds_IsRefused()
    {
        await live.Fleet();

        (await Submit(Body("a\0b"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static object Body(string? id, string model = "good", string content = "Hi") =>
        new { model, messages = new[] { new { role = "user", content } }, metadata = new { request_id = id, priority = "high" } };

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Submit(object body, string? key = null)
    {
        using var response = await live.Send(HttpMethod.Post, "/api/v1/inference/submit", JsonContent.Create(body), key);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
