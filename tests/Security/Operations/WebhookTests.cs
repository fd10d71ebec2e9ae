using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CocoonPool.Domain.Webhooks;
using CocoonPool.Security.Tests.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Security.Tests.Operations;

public sealed class WebhookTests(PoolUnderAttack pool)
{
    private const string Secret = "a secret of the receiver";

    [Fact]
    public async Task Event_IsToldOnce_Signed_AndAgainWhenTheReceiverFailed()
    {
        var heard = new Inbox();
        await using var receiver = await Receiver(heard, failures: 1);
        using var key = pool.NewCaller(pool.OperatorKey);
        var (status, hook) = await key.Post("/api/v1/webhooks", new { url = receiver.Urls.Single() + "/hook", events = new[] { "participant_registered" }, secret = Secret });
        status.ShouldBe(201, hook.ToString());

        var newcomer = $"0:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        (await key.Post("/api/v1/participants", new { wallet_address = newcomer })).Status.ShouldBe(201);
        await heard.Has(2);

        var (body, signature) = heard.All.Last();
        signature.ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body))));
        var told = JsonDocument.Parse(body).RootElement;
        told.GetProperty("data").Text("address").ShouldBe(newcomer, "who registered before the webhook was made is not told");
        heard.All.Select(h => JsonDocument.Parse(h.Body).RootElement.Text("id")).Distinct().ShouldHaveSingleItem();
        await Noted($"id = '{told.Text("id")}' and finished_at is not null");
        (await Delivery(key, told.Text("id"))).GetProperty("finished_at").ValueKind.ShouldBe(JsonValueKind.String);
        (await key.Post($"/api/v1/webhooks/deliveries/{told.Text("id")}/replay")).Status.ShouldBe(200);
        await heard.Has(3);
        JsonDocument.Parse(heard.All.Last().Body).RootElement.Text("id").ShouldBe(told.Text("id"), "the receiver knows it by its id");
        (await key.Send(HttpMethod.Delete, $"/api/v1/webhooks/{hook.Text("id")}")).Status.ShouldBe(200);
        (await key.Post($"/api/v1/webhooks/deliveries/{told.Text("id")}/replay")).Status.ShouldBe(404, "nobody is there to be told");
    }

    [Fact]
    public async Task Slash_IsToldFromItsOpeningToItsEnd_WithWhomItConcerns_AndWithoutTheEvidence()
    {
        var heard = new Inbox();
        await using var receiver = await Receiver(heard, failures: 0);
        using var key = pool.NewCaller(pool.OperatorKey);
        var hook = (await key.Post("/api/v1/webhooks", new { url = receiver.Urls.Single() + "/hook", events = new[] { "slash_opened", "slash_appealed", "slash_final", "slash_voided" }, secret = Secret })).Body.Text("id");
        var accused = await Staked.Join(pool, ton: 100);

        var (status, slash) = await key.Post($"{accused.Path}/slashes", new { offence = "forged_receipt", evidence = "what was seen" });
        status.ShouldBe(201, slash.ToString());
        (await key.Post($"{accused.Path}/slashes", new { offence = "forged_receipt", evidence = "what was seen" })).Status.ShouldBe(200);
        (await accused.Http.Post($"{accused.Path}/slashes/{slash.Text("id")}/appeal", new { reason = "it was not me" })).Status.ShouldBe(200);
        (await key.Post($"{accused.Path}/slashes/{slash.Text("id")}/void", new { reason = "a mistake" })).Status.ShouldBe(200);
        await heard.Has(3);

        var told = heard.All.Select(h => JsonDocument.Parse(h.Body).RootElement).ToList();
        told.Select(t => t.Text("event")).ShouldBe(["slash_opened", "slash_appealed", "slash_voided"], ignoreOrder: true);
        told.ShouldAllBe(t => t.GetProperty("data").Text("id") == slash.Text("id") && t.GetProperty("data").Text("participant_address") == accused.Address);
        told.ShouldAllBe(t => t.GetProperty("data").Text("amount_nano") == "25000000000" && t.GetProperty("data").Text("offence") == "forged_receipt");
        foreach (var word in (string[])["what was seen", "it was not me", "a mistake"])
            heard.All.ShouldAllBe(h => !h.Body.Contains(word, StringComparison.Ordinal));
        (await key.Send(HttpMethod.Delete, $"/api/v1/webhooks/{hook}")).Status.ShouldBe(200);
        accused.Http.Dispose();
    }

    [Fact]
    public async Task Webhook_TellsNobodyWhatTheyMayNotRead()
    {
        using var developer = await pool.SignedIn("developer", "dev");
        object Hook(string of) => new { url = "https://x.example/", events = new[] { of }, secret = Secret };

        (await developer.Post("/api/v1/webhooks", Hook("slash_opened"))).Status.ShouldBe(403);
        var (status, hook) = await developer.Post("/api/v1/webhooks", Hook("settlement_stopped"));

        status.ShouldBe(201);
        (await developer.Send(HttpMethod.Delete, $"/api/v1/webhooks/{hook.Text("id")}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task WebhookWhoseSecretCannotBeOpened_DoesNotHoldUpTheOthers()
    {
        var heard = new Inbox();
        await using var receiver = await Receiver(heard, failures: 0);
        using var key = pool.NewCaller(pool.OperatorKey);
        object Hook(string path) => new { url = receiver.Urls.Single() + path, events = new[] { "participant_registered" }, secret = Secret };
        var broken = (await key.Post("/api/v1/webhooks", Hook("/broken"))).Body.Text("id");
        var whole = (await key.Post("/api/v1/webhooks", Hook("/whole"))).Body.Text("id");
        await pool.Execute($"update webhooks set secret = decode('00ff00ff', 'hex') where id = '{broken}'");

        await key.Post("/api/v1/participants", new { wallet_address = $"0:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}" });

        await heard.Has(1);
        await Noted($"webhook_id = '{broken}' and last_outcome like 'the secret cannot%'");
        (await key.Get("/api/v1/webhooks/deliveries")).Body.GetProperty("data").EnumerateArray().ShouldContain(d =>
            d.Text("webhook_id") == broken && d.GetProperty("last_outcome").GetString()!.StartsWith("the secret cannot", StringComparison.Ordinal));
        foreach (var id in (string[])[broken, whole])
            (await key.Send(HttpMethod.Delete, $"/api/v1/webhooks/{id}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Webhook_ThatLeadsInside_IsNeverCalled()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var (_, hook) = await key.Post("/api/v1/webhooks", new { url = $"http://127.0.0.2:{pool.Url.Port}/api/v1/pool/pause", events = new[] { "participant_registered" }, secret = Secret });

        await key.Post("/api/v1/participants", new { wallet_address = $"0:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}" });

        await Noted($"webhook_id = '{hook.Text("id")}' and last_outcome is not null");
        (await key.Get("/api/v1/webhooks/deliveries")).Body.GetProperty("data").EnumerateArray().ShouldContain(d =>
            d.Text("webhook_id") == hook.Text("id") && d.GetProperty("last_outcome").GetString() == "refused: not a public address");
        await key.Send(HttpMethod.Delete, $"/api/v1/webhooks/{hook.Text("id")}");
    }

    [Theory]
    [InlineData("ftp://x.example/", "participant_registered", Secret)]
    [InlineData("https://x.example/", "everything", Secret)]
    [InlineData("https://x.example/", "participant_registered", "short")]
    public async Task Webhook_ThatMakesNoSense_IsRefused(string url, string happening, string secret)
    {
        using var key = pool.NewCaller(pool.OperatorKey);

        (await key.Post("/api/v1/webhooks", new { url, events = new[] { happening }, secret })).Status.ShouldBe(400);
    }

    [Fact]
    public void Schedule_DoublesToAMinute_ThenHourly_AndGivesUpAfterADay()
    {
        var (happened, now, waits) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, new List<double>());
        for (var attempt = 1; DeliverySchedule.Next(attempt, happened, now) is { } next; attempt++)
        {
            waits.Add((next - now).TotalSeconds);
            now = next;
        }

        waits.Take(9).ShouldBe([1, 2, 4, 8, 16, 32, 60, 3600, 3600]);
        waits.Count.ShouldBe(7 + 23);
    }

    private static async Task<JsonElement> Delivery(HttpClient key, string id) =>
        (await key.Get("/api/v1/webhooks/deliveries")).Body.GetProperty("data").EnumerateArray().Single(d => d.Text("id") == id);

    private static async Task<WebApplication> Receiver(Inbox heard, int failures)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            heard.Add(await reader.ReadToEndAsync(), context.Request.Headers["X-Signature"].ToString());
            context.Response.StatusCode = Interlocked.Decrement(ref failures) >= 0 ? 500 : 204;
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>Waits until the pool has written it down. Asked of the database, which has no limit of requests: each question is a wait of its own.</summary>
    private async Task Noted(string delivery)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await pool.Scalar<bool>($"select exists (select from webhook_deliveries where {delivery})"))
            patience.IsCancellationRequested.ShouldBeFalse($"no delivery with {delivery}");
    }

    /// <summary>What a receiver was sent.</summary>
    private sealed class Inbox
    {
        private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();
        private readonly ConcurrentQueue<(string Body, string Signature)> _all = new();
        private int _awaited;

        public IReadOnlyCollection<(string Body, string Signature)> All => _all;

        public void Add(string body, string signature)
        {
            _all.Enqueue((body, signature));
            _arrived.Writer.TryWrite(true);
        }

        /// <summary>Waits until so many have come, from the beginning on.</summary>
        public async Task Has(int count)
        {
            for (; _awaited < count; _awaited++)
                await _arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
