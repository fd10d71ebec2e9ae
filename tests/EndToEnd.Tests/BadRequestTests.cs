using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class BadRequestTests(LivePool live)
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("""{"model":"no-such-model","messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("""{"model":"cocoon-demo","messages":""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest, "invalid_model")]
    [InlineData("""{"model":"cocoon-demo","messages":[]}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"model":"cocoon-demo","messages":[{"role":"user","content":"hi"}],"stream":"yes"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"model":"cocoon-demo","messages":[{"role":"user","content":"hi"}],"max_tokens":-1}""", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Chat_WhenTheBodyIsWrong_AnswersInOpenAisShape(string body, HttpStatusCode status, string code)
    {
        using var response = await live.Send(HttpMethod.Post, Chat, new StringContent(body, Encoding.UTF8, "application/json"));

        response.StatusCode.ShouldBe(status);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(10);
        response.Headers.Contains("X-Request-ID").ShouldBeTrue();
        await AssertServes();
    }

    [Theory]
    [InlineData("", 401, "unauthorized")]
    [InlineData("ck_nobody", 401, "unauthorized")]
    public async Task Chat_WithoutAValidKey_IsRefused(string key, int status, string code)
    {
        using var response = await live.Send(HttpMethod.Post, Chat, Question(), key);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData("/api/v1/keys")]
    public async Task Post_WhenTheBodyHas20MiB_IsTooLargeAndThePoolGoesOn(string path)
    {
        var key = path == Chat ? live.ClientKey : File.ReadAllText(live.Pool.Secrets.OperatorKey);
        using var body = new ByteArrayContent(new byte[20 << 20]) { Headers = { ContentType = new("application/json") } };

        using var response = await live.Send(HttpMethod.Post, path, body, key);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString().ShouldBe("too_large");
        await AssertServes();
    }

    [Fact]
    public async Task Chat_WhenTheClientHangsUpMidStream_FreesTheWorkerAndCountsForNobody()
    {
        string task;
        using (var response = await live.Send(HttpMethod.Post, Chat, Question(stream: true, tokens: 4_000)))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            task = response.Headers.GetValues("X-Task-ID").Single();
            await using var stream = await response.Content.ReadAsStreamAsync();
            (await stream.ReadAsync(new byte[1])).ShouldBe(1);
        }

        await live.Waiting.Until("the workers to be free", TimeSpan.FromSeconds(20), async () => await RunningTasks() == 0, CancellationToken.None);

        await AssertServes();
        var receipt = await live.Waiting.For("the receipt of the abandoned task", TimeSpan.FromSeconds(20), () => Receipt(task), CancellationToken.None);
        receipt.RootElement.GetProperty("outcome").GetString().ShouldBe("client_aborted");
        receipt.RootElement.GetProperty("adjusted_tokens").GetInt64().ShouldBe(0);
        receipt.Dispose();
    }

    private async Task<JsonDocument?> Receipt(string task)
    {
        foreach (var member in live.Members)
        {
            using var response = await live.Send(HttpMethod.Get, $"/api/v1/participants/{member.Wallet.Address}/receipts", key: File.ReadAllText(live.Pool.Secrets.OperatorKey));
            var found = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray().Where(r => r.GetProperty("task").GetString() == task).ToList();
            if (found.Count == 1)
                return JsonDocument.Parse(found[0].GetRawText());
        }
        return null;
    }

    [Fact]
    public async Task Participant_WhenAskingForAnother_IsForbidden()
    {
        var key = (await live.Operator.CreateKey("participant", live.Members[0].Wallet.Address, "test", CancellationToken.None)).Key;

        using var own = await live.Send(HttpMethod.Get, $"/api/v1/participants/{live.Members[0].Wallet.Address}/earnings", key: key);
        using var others = await live.Send(HttpMethod.Get, $"/api/v1/participants/{live.Members[1].Wallet.Address}/earnings", key: key);
        using var worker = await live.Send(HttpMethod.Post, $"/api/v1/workers/{live.Members[1].WorkerId}/drain", JsonContent.Create(new { }), key);

        (own.StatusCode, others.StatusCode, worker.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden));
    }

    private async Task<int> RunningTasks()
    {
        using var response = await live.Send(HttpMethod.Get, "/api/v1/workers", key: File.ReadAllText(live.Pool.Secrets.OperatorKey));
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray().Sum(w => w.GetProperty("running_tasks").GetInt32());
    }

    private async Task AssertServes()
    {
        using var response = await live.Send(HttpMethod.Post, Chat, Question());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static JsonContent Question(bool stream = false, int tokens = 3) =>
        JsonContent.Create(new { model = LivePool.Model, messages = new[] { new { role = "user", content = "What is silk?" } }, stream, max_tokens = tokens });
}
