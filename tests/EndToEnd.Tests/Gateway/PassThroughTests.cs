using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

public sealed class PassThroughTests(LivePool live)
{
    private const string Chat = "/v1/chat/completions";

    [Fact]
    public async Task Chat_BringsEveryFieldToTheBackEnd_AndEveryFieldBack()
    {
        var fleet = await live.Fleet();
        const string body = """
            {"model":"good","messages":[{"role":"system","content":"Grüße 🐛"},{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},"seed":-7,"temperature":0.1234567890123456789,
             "logit_bias":{"50256":-100},"stop":["\n","END"],"user":"u-1","a_field_of_tomorrow":{"deep":[1,2,{"x":null}]},"n":2,"max_tokens":17}
            """;

        using var response = await live.Send(HttpMethod.Post, Chat, Json(body));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var received = fleet.Backend.Received.Last(r => r.Behaviour == "good" && r.Body["user"]?.GetValue<string>() == "u-1").Body;
        JsonNode.DeepEquals(received, JsonNode.Parse(body)).ShouldBeTrue(received.ToJsonString());
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        answer["an_unknown_field"]!["kept"]!.GetValue<bool>().ShouldBeTrue();
        answer["usage"]!["total_tokens"]!.GetValue<int>().ShouldBe(13);
        response.Headers.GetValues("X-Worker-ID").ShouldBe(["gateway-first"]);
        response.Headers.Contains("X-RateLimit-Remaining").ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_BringsEachChunkBeforeTheNextOneIsMade()
    {
        var fleet = await live.Fleet();
        using var response = await live.Send(HttpMethod.Post, Chat, Question("gated", stream: true));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var i = 0; i < 3; i++)
        {
            (await Data(reader)).ShouldContain($"\"content\":\"{i}\"");
            fleet.Backend.Gate.Release();
        }
        (await Data(reader)).ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Chat_WhenTheBackEndRefuses_ShowsItsOwnStatusAndWords()
    {
        await live.Fleet();

        using var response = await live.Send(HttpMethod.Post, Chat, Question("refuses"));

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]!.GetValue<string>().ShouldBe("out_of_range");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_WhenTheClientLeaves_IsCancelledAtTheBackEnd(bool stream)
    {
        var fleet = await live.Fleet();
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, live.Pool.SiloUrl + Chat) { Content = Question(stream ? "endless" : "gated", stream: true) };
        request.Headers.Authorization = new("Bearer", live.ClientKey);
        var response = await live.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await (await response.Content.ReadAsStreamAsync(leave.Token)).ReadExactlyAsync(new byte[10], leave.Token);

        response.Dispose();

        (await fleet.Backend.Aborted.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue("the back end's connection was closed");
    }

    [Fact]
    public async Task Chat_WhenTheBodyIsNotUtf8_IsRefusedAndCostsTheWorkerNothing()
    {
        await live.Fleet();
        byte[] body = [.. """{"model":"good","messages":[{"role":"user","content":" """u8[..^1], 0xFF, 0xC0, .. "\"}]}"u8];

        using var refused = await live.Send(HttpMethod.Post, Chat, new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } });
        using var next = await live.Send(HttpMethod.Post, Chat, Question("good"));

        (refused.StatusCode, next.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.OK));
    }

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static StringContent Question(string model, bool stream = false, int? maxTokens = null) => Json(
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},{{(maxTokens is null ? "" : $"\"max_tokens\":{maxTokens},")}}"messages":[{"role":"user","content":"Hi"}]}""");

    internal static async Task<string> Data(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return line["data: ".Length..];
        }
        return "";
    }
}
