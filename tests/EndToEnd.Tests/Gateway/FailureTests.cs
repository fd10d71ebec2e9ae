using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

public sealed class FailureTests(LivePool live)
{
    private const string Chat = "/v1/chat/completions";

    public static TheoryData<string, bool> Situations => [.. GatewayFleet.Alternatives.SelectMany(a => new[] { (a, true), (a, false) })];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task Chat_WhenOneWorkersBackEndMisbehaves_IsAnsweredByAnother(string behaviour, bool stream)
    {
        await live.Fleet();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question($"{behaviour}-or-good", stream));
            return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
        }));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK, $"{string.Join(" | ", answers.Select(a => a.Text))}");
        answers.ShouldAllBe(a => a.Text.Contains(stream ? "[DONE]" : "Hello!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_WhenTheOnlyBackEndFails_SaysSoInOpenAisShape()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question("error500"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await Error(response)).GetProperty("type").GetString().ShouldBe("server_error");
    }

    [Fact]
    public async Task Stream_WhenItBreaksOff_EndsWithAnErrorEventAndWithoutDone()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question("breaks", stream: true));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        events.Length.ShouldBe(4);
        events[^1].ShouldStartWith("data: {\"error\":{\"message\":");
        events.ShouldNotContain("data: [DONE]");
    }

    [Fact]
    public async Task Chat_WhenNoWorkerFulfilsTheConstraint_NamesIt()
    {
        await live.Fleet();
        using var request = new HttpRequestMessage(HttpMethod.Post, live.Pool.SiloUrl + Chat) { Content = PassThroughTests.Question("good") };
        request.Headers.Authorization = new("Bearer", live.ClientKey);
        request.Headers.Add("X-Require-Attestation", "tdx");

        using var response = await live.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Error(response)).GetProperty("message").GetString()!.ShouldContain("attestation");
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Chat_WhenItNeedsMoreContextThanThereIs_IsTheClientsMistake()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question("good", maxTokens: 5_000));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Error(response)).GetProperty("code").GetString().ShouldBe("context_length_exceeded");
    }

    [Fact]
    public async Task Chat_WhenTheFirstWorkerIsSlow_IsAlsoAskedOfASecondOne()
    {
        var fleet = await live.Fleet();
        for (var i = 0; i < 30; i++)
            (await Ask("quick")).ShouldBe(HttpStatusCode.OK);
        var before = await Counter("inference_hedges_total");

        // In turn, so that most of them meet the worker that never answers them.
        for (var i = 0; i < 4; i++)
            (await Ask("slow")).ShouldBe(HttpStatusCode.OK);

        var met = fleet.Backend.Received.Count(r => r.Behaviour == "never-if-slow" && r.Body["messages"]![0]!["content"]!.GetValue<string>() == "slow");
        met.ShouldBeGreaterThanOrEqualTo(2);
        (await Counter("inference_hedges_total") - before).ShouldBeGreaterThanOrEqualTo(met);

        async Task<HttpStatusCode> Ask(string content)
        {
            using var response = await live.Send(HttpMethod.Post, Chat, JsonContent.Create(new { model = "hedged", messages = new[] { new { role = "user", content } } }));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Assign_ExplainsTheChoiceAndReservesNothing()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, "/api/v1/optimization/assign", JsonContent.Create(new { model = "busy-or-good", region = "tests" }));
        var explained = await response.Content.ReadFromJsonAsync<JsonElement>();

        explained.GetProperty("policy").GetString().ShouldBe("power-of-two-choices");
        explained.GetProperty("chosen").GetProperty("worker_id").GetString().ShouldStartWith("gateway-");
        explained.GetProperty("alternatives").GetArrayLength().ShouldBe(1);
        explained.GetProperty("chosen").GetProperty("running").GetInt32().ShouldBe(0);
    }

    /// <summary>A counter without labels; one that never counted is not shown.</summary>
    private async Task<long> Counter(string name)
    {
        var metrics = await live.Http.GetStringAsync(live.Pool.Silo.Environment["Silo__MetricsListen"] + "/metrics");
        return metrics.Split('\n').SingleOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal)) is { } line ? long.Parse(line.Split(' ')[1]) : 0;
    }

    private static async Task<JsonElement> Error(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
}
