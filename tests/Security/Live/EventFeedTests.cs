using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Live;

/// <summary><c>/ws/events</c>: who is told of what, what they may wish for, each event once and in order, and going on after a break.</summary>
public sealed class EventFeedTests(PoolUnderAttack pool)
{
    private const string All = """{"action":"subscribe","overview":false}""";

    [Fact]
    public async Task Slash_IsToldToItsParticipantAndToOperators_AndToNobodyElse()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var (accused, other) = (await Staked.Join(pool, ton: 100), await Staked.Join(pool, ton: 100));
        using var reader = await pool.SignedIn("developer", "event-reader");
        using var ofAccused = await Subscribed(accused.Http);
        using var ofOther = await Subscribed(other.Http);
        using var ofReader = await Subscribed(reader);
        using var ofStranger = await Subscribed(null);
        using var ofOperator = await Subscribed(key);

        var slash = await Accuse(key, accused);
        (await key.Post($"{accused.Path}/slashes/{slash}/void", new { reason = "a mistake" })).Status.ShouldBe(200);
        var fence = await Fence(key);

        string[] publicly = ["maintenance_announced", "maintenance_cancelled"];
        Names(await Until(ofAccused, fence)).ShouldBe(["slash_opened", "slash_voided", .. publicly]);
        Names(await Until(ofOther, fence)).ShouldBe(publicly);
        Names(await Until(ofReader, fence)).ShouldBe(publicly);
        Names(await Until(ofStranger, fence)).ShouldBe(publicly);
        var told = (await Until(ofOperator, fence)).First(e => e.Text("event") == "slash_opened");
        told.Text("id").ShouldBe($"slash/{slash}/opened");
        (told.GetProperty("data").Text("participant_address"), told.GetProperty("data").Text("offence")).ShouldBe((accused.Address, "forged_receipt"));
        accused.Http.Dispose();
        other.Http.Dispose();
    }

    [Fact]
    public async Task Events_AreFilteredByNameAndByParticipant_AndInOrder()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var (one, two) = (await Staked.Join(pool, ton: 100), await Staked.Join(pool, ton: 100));
        using var named = await Subscribed(key, """{"action":"subscribe","events":["slash_voided","maintenance_cancelled"],"overview":false}""");
        using var about = await Subscribed(key, $$"""{"action":"subscribe","participant":"{{one.Address}}","events":["slash_opened","slash_voided"],"overview":false}""");

        var slashes = (await Accuse(key, one), await Accuse(key, two));
        (await key.Post($"{one.Path}/slashes/{slashes.Item1}/void", new { reason = "a mistake" })).Status.ShouldBe(200);
        (await key.Post($"{two.Path}/slashes/{slashes.Item2}/void", new { reason = "a mistake" })).Status.ShouldBe(200);
        var fence = await Fence(key);

        var ofNames = await Until(named, fence);
        ofNames.Select(e => e.Text("id")).ShouldBe([$"slash/{slashes.Item1}/voided", $"slash/{slashes.Item2}/voided", $"maintenance/{fence}/Cancelled"]);
        ofNames.Select(Position).ShouldBeInOrder();
        (await about.Next())!.Value.Text("id").ShouldBe($"slash/{slashes.Item1}/opened");
        (await about.Next())!.Value.Text("id").ShouldBe($"slash/{slashes.Item1}/voided");
        one.Http.Dispose();
        two.Http.Dispose();
    }

    [Fact]
    public async Task ListenerThatComesBack_IsToldWhatItMissed_OnceAndInOrder()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var accused = await Staked.Join(pool, ton: 100);
        string slash;
        long begin, last;
        using (var before = await Feed.Open(pool, "/ws/events", accused.Http))
        {
            await before.Say(All);
            begin = Position(await before.Next(f => f.Text("type") == "subscribed"));
            slash = await Accuse(key, accused);
            last = Position(await before.Next(f => f.Text("type") == "event" && f.Text("event") == "slash_opened"));
        }

        (await key.Post($"{accused.Path}/slashes/{slash}/void", new { reason = "a mistake" })).Status.ShouldBe(200);
        var fence = await Fence(key);
        using var again = await Subscribed(accused.Http, $$"""{"action":"subscribe","after":{{last}},"overview":false}""");
        using var whole = await Subscribed(accused.Http, $$"""{"action":"subscribe","after":{{begin}},"overview":false}""");

        Names(await Until(again, fence)).ShouldBe(["slash_voided", "maintenance_announced", "maintenance_cancelled"]);
        Names(await Until(whole, fence)).ShouldBe(["slash_opened", "slash_voided", "maintenance_announced", "maintenance_cancelled"]);
        accused.Http.Dispose();
    }

    [Fact]
    public async Task WhatLiesFarBack_IsReadFromTheJournal_UpToABound()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        using var feed = await Feed.Open(pool, "/ws/events", key);
        await feed.Say(All);
        var begin = Position(await feed.Next(f => f.Text("type") == "subscribed"));
        await pool.Execute(
            $"""
            insert into pool_events (pool_id, id, at, type, data)
            select '{pool.Settings.Id}', 'many/' || n, now(), 'settlement_stopped', '{"{}"}' from generate_series(1, 10500) n
            """);
        var head = begin;
        while (head < begin + 10_500)
            head = Position(await feed.Next(f => f.Text("type") == "event"));

        using var near = await Subscribed(key, $$"""{"action":"subscribe","after":{{head - 2_200}},"events":["settlement_stopped"],"overview":false}""");
        for (var next = head - 2_199; next <= head; next++)
            Position((await near.Next())!.Value).ShouldBe(next);
        foreach (var outOfReach in (long[])[begin, head + 1_000_000])
        {
            await near.Say($$"""{"action":"subscribe","after":{{outOfReach}},"events":["settlement_stopped"],"overview":false}""");
            (await near.Next(f => f.Text("type") == "error")).Code().ShouldBe("out_of_reach");
        }
    }

    [Fact]
    public async Task Pictures_AreSentUntilTheyAreSwitchedOff_AndAgainAfterUnsubscribing()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        using var feed = await Feed.Open(pool, "/ws/events");
        await feed.Next(f => f.Text("type") == "overview");
        await feed.Say("""{"action":"subscribe"}""");
        await feed.Next(f => f.Text("type") == "subscribed");
        await feed.Next(f => f.Text("type") == "overview");
        await feed.Say(All);
        await feed.Next(f => f.Text("type") == "subscribed");

        (await Until(feed, await Fence(key))).ShouldAllBe(f => f.Text("type") == "event");
        await feed.Say("""{"action":"unsubscribe"}""");
        await feed.Next(f => f.Text("type") == "overview");
        await Fence(key);
        for (var i = 0; i < 2; i++)
            (await feed.Next())!.Value.Text("type").ShouldBe("overview");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"action":"drop"}""")]
    [InlineData("""{"action":"unsubscribe","after":1}""")]
    [InlineData("""{"action":"subscribe","events":[]}""")]
    [InlineData("""{"action":"subscribe","events":[null]}""")]
    [InlineData("""{"action":"subscribe","events":["everything"]}""")]
    [InlineData("""{"action":"subscribe","events":["epoch_finalized","epoch_finalized"]}""")]
    [InlineData("""{"action":"subscribe","participant":"me"}""")]
    [InlineData("""{"action":"subscribe","after":-1}""")]
    [InlineData("""{"action":"subscribe","after":"1"}""")]
    [InlineData("""{"action":"subscribe","extra":1}""")]
    public async Task WhatMakesNoSense_IsAnsweredSo_AndTheFeedGoesOn(string said)
    {
        using var feed = await Feed.Open(pool, "/ws/events");
        await feed.Say(said);
        var answer = await feed.Next(f => f.Text("type") == "error");
        await feed.Say(All);

        answer.Code().ShouldBe("invalid_request");
        await feed.Next(f => f.Text("type") == "subscribed");
    }

    [Theory]
    [InlineData(null, """{"action":"subscribe","events":["slash_opened"]}""")]
    [InlineData(null, """{"action":"subscribe","events":["epoch_finalized","approval_executed"]}""")]
    [InlineData(null, """{"action":"subscribe","participant":"0:7777777777777777777777777777777777777777777777777777777777777777"}""")]
    [InlineData("client", """{"action":"subscribe","events":["participant_registered"]}""")]
    [InlineData("developer", """{"action":"subscribe","events":["payout_address_changed"]}""")]
    [InlineData("participant", """{"action":"subscribe","events":["settlement_stopped"]}""")]
    [InlineData("participant", """{"action":"subscribe","participant":"0:7777777777777777777777777777777777777777777777777777777777777777"}""")]
    public async Task WhatOneMayNotHear_IsRefused(string? role, string said)
    {
        using var who = role is null ? null : await pool.SignedIn(role, $"0:{new string('3', 64)}");
        using var feed = await Feed.Open(pool, "/ws/events", who);
        await feed.Say(said);

        (await feed.Next(f => f.Text("type") is "error" or "subscribed")).Code().ShouldBe("forbidden");
    }

    [Fact]
    public async Task CredentialThatIsSent_HasToBeGood_AndWhileItIs()
    {
        using var nobody = pool.NewCaller("ck_nobody");
        (await Should.ThrowAsync<WebSocketException>(() => Feed.Open(pool, "/ws/events", nobody))).Message.ShouldContain("401");
        using var person = await pool.SignedIn("auditor", "event-auditor");
        using var feed = await Subscribed(person);

        (await person.Post("/auth/logout")).Status.ShouldBe(200);

        (await feed.End()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task BrowsersSession_IsRecognisedOnThePoolsOwnPage_AndOneThatIsOverSeesWhatStrangersSee()
    {
        using var person = await pool.SignedIn("operator", "event-person");
        const string Wish = """{"action":"subscribe","events":["slash_opened"],"overview":false}""";
        using (var own = await Feed.OpenWithCookie(pool, "/ws/events", person.DefaultRequestHeaders.Authorization!.Parameter!, pool.Url.GetLeftPart(UriPartial.Authority)))
        {
            await own.Say(Wish);
            (await own.Next(f => f.Text("type") is "error" or "subscribed")).Text("type").ShouldBe("subscribed");
        }

        var evil = await Should.ThrowAsync<WebSocketException>(() => Feed.OpenWithCookie(pool, "/ws/events", person.DefaultRequestHeaders.Authorization!.Parameter!, "https://evil.example"));
        (await person.Post("/auth/logout")).Status.ShouldBe(200);
        using var after = await Feed.OpenWithCookie(pool, "/ws/events", person.DefaultRequestHeaders.Authorization!.Parameter!, pool.Url.GetLeftPart(UriPartial.Authority));
        await after.Say(Wish);

        evil.Message.ShouldContain("403");
        (await after.Next(f => f.Text("type") is "error" or "subscribed")).Code().ShouldBe("forbidden");
    }

    /// <summary>A feed that says by the time this returns what happens from then on.</summary>
    private async Task<Feed> Subscribed(HttpClient? who, string wish = All)
    {
        var feed = await Feed.Open(pool, "/ws/events", who);
        await feed.Say(wish);
        await feed.Next(f => f.Text("type") == "subscribed");
        return feed;
    }

    private static async Task<string> Accuse(HttpClient key, Staked accused)
    {
        var (status, slash) = await key.Post($"{accused.Path}/slashes", new { offence = "forged_receipt", evidence = $"{Guid.NewGuid()}" });
        status.ShouldBe(201, slash.ToString());
        return slash.Text("id");
    }

    /// <summary>Something that everybody is told of: whoever heard of it has heard of all that came before, or will not. Answers its id.</summary>
    private async Task<string> Fence(HttpClient key)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(pool.Time.GetUtcNow().ToUnixTimeSeconds()).AddHours(60);
        var (status, window) = await key.Post("/api/v1/maintenance", new { reason = "a fence", starts_at = start, ends_at = start.AddMinutes(1) });
        status.ShouldBe(201, window.ToString());
        (await key.Send(HttpMethod.Delete, $"/api/v1/maintenance/{window.Text("id")}")).Status.ShouldBe(200);
        return window.Text("id");
    }

    /// <summary>Everything up to a fence.</summary>
    private static async Task<List<JsonElement>> Until(Feed feed, string fence)
    {
        var heard = new List<JsonElement>();
        do
        {
            heard.Add((await feed.Next())!.Value);
        }
        while (!(heard[^1].Text("type") == "event" && heard[^1].Text("id") == $"maintenance/{fence}/Cancelled"));
        return heard;
    }

    /// <summary>The names of what was heard, but for the state of a participant: that follows the stake in its own time.</summary>
    private static IEnumerable<string> Names(IEnumerable<JsonElement> heard) => heard.Select(e => e.Text("event")).Where(name => name != "participant_state_changed");

    private static long Position(JsonElement frame) => frame.GetProperty("position").GetInt64();
}
