using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

public sealed class MeteringTests(LivePool live)
{
    private const string Chat = "/v1/chat/completions";

    /// <summary>10 prompt and 3 completion tokens, as the back end says and the gateway sees.</summary>
    private const long OneAnswer = (10 * GatewayFleet.PromptPrice + 3 * GatewayFleet.CompletionPrice) / 1_000_000;

    [Fact]
    public async Task PaidRequests_CostExactlyWhatWasUsed_AndWhatFailedCostsNothing()
    {
        await live.Fleet();
        var (client, key) = await Client("payer");
        await Deposit(client, Ton.FromTon(2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Status("paid", key, stream: i % 2 == 0)));
        using var broken = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question("paid-breaks", stream: true), key);
        (await broken.Content.ReadAsStringAsync()).ShouldContain("error");

        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
        await live.Waiting.Until("the booked charges and the returned block", TimeSpan.FromSeconds(20), async () =>
            await Usage(key) is var u && Nano(u, "reserved_nano") == 0 && Nano(u, "balance_nano") < Ton.FromTon(2), CancellationToken.None);
        var usage = await Usage(key);
        Nano(usage, "balance_nano").ShouldBe(Ton.FromTon(2) - 20 * OneAnswer);
        var line = usage.GetProperty("data").EnumerateArray().Single(l => l.GetProperty("model").GetString() == "paid");
        (line.GetProperty("requests").GetInt64(), line.GetProperty("prompt_tokens").GetInt64(), line.GetProperty("completion_tokens").GetInt64()).ShouldBe((20, 200, 60));
        usage.GetProperty("data").EnumerateArray().Single(l => l.GetProperty("model").GetString() == "paid-breaks").GetProperty("failed_requests").GetInt64().ShouldBe(1);
        await LedgerIsRight();
    }

    [Fact]
    public async Task PaidRequest_BeyondTheBalance_Is402AndReservesNothing()
    {
        await live.Fleet();
        var (client, key) = await Client("small");
        // Enough for an answer of a few tokens, and not for the longest one that the model could give.
        await Deposit(client, 1_000_000);

        (await Status("paid", key)).ShouldBe(HttpStatusCode.PaymentRequired);
        (await Status("paid", key, maxTokens: 10)).ShouldBe(HttpStatusCode.OK);

        await live.Waiting.Until("nothing to stay reserved", TimeSpan.FromSeconds(20), async () =>
            await Usage(key) is var u && Nano(u, "reserved_nano") == 0 && Nano(u, "balance_nano") == 1_000_000 - OneAnswer, CancellationToken.None);
    }

    [Fact]
    public async Task PaidStream_ThatTheClientLeaves_CostsNoMoreThanItsHoldAndFreesTheRest()
    {
        await live.Fleet();
        var (client, key) = await Client("leaver");
        await Deposit(client, Ton.FromTon(1));
        using (var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question("paid", stream: true), key))
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[5]);

        await live.Waiting.Until("nothing to stay reserved", TimeSpan.FromSeconds(20), async () =>
            await Usage(key) is var u && Nano(u, "reserved_nano") == 0 && u.GetProperty("data").GetArrayLength() == 1, CancellationToken.None);
        Nano(await Usage(key), "balance_nano").ShouldBeInRange(Ton.FromTon(1) - OneAnswer, Ton.FromTon(1));
    }

    /// <summary>Whoever reads the answer and hangs up before its end must not have the prompt for nothing.</summary>
    [Fact]
    public async Task PaidStream_LeftAfterItsTokens_CostsThePromptToo()
    {
        await live.Fleet();
        var (client, key) = await Client("hasty");
        await Deposit(client, Ton.FromTon(1));
        const int promptBytes = 4_000;
        var question = JsonContent.Create(new { model = "paid-gated", stream = true, messages = new[] { new { role = "user", content = new string('a', promptBytes) } } });
        using (var response = await live.Send(HttpMethod.Post, Chat, question, key))
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
            (await PassThroughTests.Data(reader)).ShouldContain("\"content\"");

        await live.Waiting.Until("the charge", TimeSpan.FromSeconds(20), async () =>
            await Usage(key) is var u && Nano(u, "reserved_nano") == 0 && u.GetProperty("data").GetArrayLength() == 1, CancellationToken.None);
        var line = (await Usage(key)).GetProperty("data").EnumerateArray().Single();
        line.GetProperty("prompt_tokens").GetInt64().ShouldBeInRange(promptBytes / 4, promptBytes / 4 + 20);
        line.GetProperty("completion_tokens").GetInt64().ShouldBe(1);
        Nano(line, "charged_nano").ShouldBeGreaterThan(promptBytes / 4 * GatewayFleet.PromptPrice / 1_000_000);
    }

    [Fact]
    public async Task Usage_OfAnotherClient_IsForbidden()
    {
        var (_, key) = await Client("curious");

        using var response = await live.Send(HttpMethod.Get, "/api/v1/usage?client=payer", key: key);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<(string Client, string Key)> Client(string name)
    {
        var client = $"{name}-{Guid.NewGuid():n}";
        return (client, (await live.Operator.CreateKey("client", client, "metering tests", CancellationToken.None)).Key);
    }

    /// <summary>Pays into the pool on chain, with the client's name in the comment.</summary>
    private async Task Deposit(string client, long nano)
    {
        var wallet = await live.Wallets.Create(client, CancellationToken.None);
        await live.Chain.Faucet(wallet.Address, nano + Ton.FromTon(2), CancellationToken.None);
        await live.Wallets.Send(client, live.Pool.Deployment.Distribution, nano, $"client:{client}", CancellationToken.None);
        await live.Waiting.Until("the deposit", TimeSpan.FromSeconds(30), async () =>
        {
            using var response = await live.Send(HttpMethod.Get, $"/api/v1/usage?client={client}", key: File.ReadAllText(live.Pool.Secrets.OperatorKey));
            return Nano(await response.Content.ReadFromJsonAsync<JsonElement>(), "balance_nano") == nano;
        }, CancellationToken.None);
    }

    private async Task<HttpStatusCode> Status(string model, string key, bool stream = false, int? maxTokens = null)
    {
        using var response = await live.Send(HttpMethod.Post, Chat, PassThroughTests.Question(model, stream, maxTokens), key);
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    private async Task<JsonElement> Usage(string key)
    {
        using var response = await live.Send(HttpMethod.Get, "/api/v1/usage", key: key);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task LedgerIsRight()
    {
        using var response = await live.Send(HttpMethod.Get, "/api/v1/ledger/verify", key: File.ReadAllText(live.Pool.Secrets.OperatorKey));
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("first_problem").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static long Nano(JsonElement element, string name) => long.Parse(element.GetProperty(name).GetString()!);
}
