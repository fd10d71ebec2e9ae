using System.Net.WebSockets;
using CocoonPool.Domain.Participants;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Security.Tests.Receipts;

namespace CocoonPool.Security.Tests.Live;

/// <summary>The live feeds: who is told what, for how long, and what they may say.</summary>
public sealed class FeedTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Workers_AreToldAsTheyStand_ThenEachChangeWithItsCause()
    {
        using var worker = await Forger.Join(pool);
        using var key = pool.NewCaller(pool.OperatorKey);
        using var feed = await Feed.Open(pool, "/ws/workers", key);

        var picture = (await feed.Next())!.Value;
        (await key.Post($"/api/v1/workers/{worker.Worker}/quarantine", new { cause = "smoke" })).Status.ShouldBe(200);
        var change = await feed.Next(f => f.Text("type") == "worker_status" && f.Text("worker_id") == worker.Worker);

        picture.Text("type").ShouldBe("workers");
        picture.GetProperty("workers").EnumerateArray().ShouldContain(w => w.Text("worker_id") == worker.Worker && w.Text("status") == "registered");
        (change.Text("from"), change.Text("status"), change.Text("cause")).ShouldBe(("registered", "quarantined", "smoke"));
    }

    [Fact]
    public async Task Participant_IsToldOfOwnWorkersAlone()
    {
        using var own = await Forger.Join(pool);
        using var others = await Forger.Join(pool);
        using var key = pool.NewCaller(pool.OperatorKey);
        using var owner = await pool.SignedIn("participant", TonAddress.Parse(own.Participant).ToString());
        using var feed = await Feed.Open(pool, "/ws/workers", owner);

        var picture = (await feed.Next())!.Value;
        foreach (var worker in (Forger[])[others, own])
            (await key.Post($"/api/v1/workers/{worker.Worker}/quarantine", new { cause = "smoke" })).Status.ShouldBe(200);
        var change = (await feed.Next())!.Value;

        picture.GetProperty("workers").EnumerateArray().Select(w => w.Text("worker_id")).ShouldBe([own.Worker]);
        change.Text("worker_id").ShouldBe(own.Worker, "the other one's change came first and was none of theirs");
    }

    [Fact]
    public async Task PublicPicture_TellsNoCausesAndNoSoftware()
    {
        using var worker = await Forger.Join(pool);
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post($"/api/v1/workers/{worker.Worker}/quarantine", new { cause = "they lied to us" })).Status.ShouldBe(200);
        using var feed = await Feed.Open(pool, "/ws/events");

        var picture = (await feed.Next())!.Value;

        picture.GetProperty("workers").EnumerateArray().ShouldContain(w => w.Text("id") == worker.Worker);
        foreach (var secret in (string[])["they lied to us", "forger/1", "attestation", "region"])
            picture.GetRawText().ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("/ws/workers", "client")]
    [InlineData("/ws/metrics", "client")]
    [InlineData("/ws/metrics", "participant")]
    [InlineData("/ws/workers", null)]
    [InlineData("/ws/metrics", null)]
    public async Task WhoMayNotListen_IsNotLetIn(string path, string? role)
    {
        using var who = role is null ? pool.NewCaller() : await pool.SignedIn(role, $"0:{new string('3', 64)}");

        (await Should.ThrowAsync<WebSocketException>(() => Feed.Open(pool, path, who))).Message.ShouldContain(role is null ? "401" : "403");
    }

    [Fact]
    public async Task PageOfAnotherSite_CannotListenWithTheBrowsersSession()
    {
        using var person = await pool.SignedIn("operator", "feed-person");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", $"__Host-cocoon-session={person.DefaultRequestHeaders.Authorization!.Parameter}");
        socket.Options.SetRequestHeader("Origin", "https://evil.example");

        var problem = await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = "/ws/workers" }.Uri, TestContext.Current.CancellationToken));

        problem.Message.ShouldContain("403");
    }

    [Fact]
    public async Task SessionThatEnds_AndKeyThatIsRevoked_AreShownOut()
    {
        using var person = await pool.SignedIn("auditor", "listening-auditor");
        using var key = pool.NewCaller(pool.OperatorKey);
        var made = (await key.Post("/api/v1/keys", new { role = "auditor", subject = "listening-service", label = "" })).Body;
        using var service = pool.NewCaller(made.Text("key"));
        using var ofPerson = await Feed.Open(pool, "/ws/workers", person);
        using var ofService = await Feed.Open(pool, "/ws/metrics", service);
        await ofPerson.Next();
        await ofService.Next();

        (await person.Post("/auth/logout")).Status.ShouldBe(200);
        using var officer = await pool.SignedIn("security", "officer");
        (await officer.Send(HttpMethod.Delete, $"/api/v1/keys/{made.Text("id")}")).Status.ShouldBe(200);

        (await ofPerson.End()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
        (await ofService.End()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Metrics_AreSentAsSubscribedTo_UntilTheyAreNot()
    {
        using var reader = await pool.SignedIn("support", "feed-reader");
        using var worker = await Forger.Join(pool);
        using var scraper = new HttpClient { BaseAddress = pool.MetricsUrl };
        await FourEyes.Until(async () => (await scraper.GetStringAsync("/metrics")).Contains("worker_status{", StringComparison.Ordinal));
        using var feed = await Feed.Open(pool, "/ws/metrics", reader);
        var available = (await feed.Next())!.Value;
        await feed.Say("""{"action":"subscribe","metrics":["worker_status","epoch_current","never_measured"],"interval_sec":1}""");

        var frame = (await feed.Next())!.Value;
        var next = (await feed.Next())!.Value;
        await feed.Say("""{"action":"subscribe","metrics":["epoch_current"]}""");
        var other = await feed.Next(f => f.GetProperty("metrics").EnumerateObject().Count() == 1);

        available.Text("type").ShouldBe("available");
        available.GetProperty("metrics").EnumerateArray().Select(m => m.GetString()).ShouldContain("worker_status");
        frame.GetProperty("metrics").GetProperty("worker_status").EnumerateArray().ShouldContain(s => s.GetProperty("labels").Text("state") == "quarantined");
        frame.GetProperty("metrics").GetProperty("never_measured").GetArrayLength().ShouldBe(0);
        next.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThan(frame.GetProperty("at").GetDateTimeOffset());
        other.GetProperty("metrics").GetProperty("epoch_current")[0].GetProperty("value").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"action":"subscribe"}""")]
    [InlineData("""{"action":"subscribe","metrics":["a b"]}""")]
    [InlineData("""{"action":"subscribe","metrics":["a","a"]}""")]
    [InlineData("""{"action":"subscribe","metrics":[null]}""")]
    [InlineData("""{"action":"subscribe","metrics":["a"],"interval_sec":0}""")]
    [InlineData("""{"action":"subscribe","metrics":["a"],"interval_sec":61}""")]
    [InlineData("""{"action":"subscribe","metrics":["a"],"extra":1}""")]
    [InlineData("""{"action":"drop"}""")]
    public async Task WhatMakesNoSense_IsAnsweredSo_AndTheFeedGoesOn(string said)
    {
        using var reader = await pool.SignedIn("support", "feed-reader");
        using var feed = await Feed.Open(pool, "/ws/metrics", reader);
        await feed.Say(said);

        var answer = await feed.Next(f => f.Text("type") == "error");
        await feed.Say("""{"action":"subscribe","metrics":["epoch_current"]}""");

        answer.Code().ShouldBe("invalid_request");
        (await feed.Next(f => f.Text("type") == "metrics")).GetProperty("metrics").GetProperty("epoch_current").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task ListenerWhoseSentenceHasNoEnd_IsShownOut()
    {
        using var reader = await pool.SignedIn("support", "feed-reader");
        using var feed = await Feed.Open(pool, "/ws/metrics", reader);

        await feed.Say(new string('x', 8 << 10));

        (await feed.End()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }
}
