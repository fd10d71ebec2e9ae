using System.Text.Json;
using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Epochs;
using CocoonPool.Security.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Operations;

/// <summary>What changes the rules, takes a stake or lets money go on needs two people at every door.</summary>
public sealed class TwoPeopleTests(PoolUnderAttack pool)
{
    private const string Proposals = "/api/v1/pool/parameters/proposals";

    [Theory]
    [InlineData(Proposals, "parameter_change")]
    [InlineData("/api/v1/participants/0:7777777777777777777777777777777777777777777777777777777777777777/slashes/ab/uphold", "slash_uphold")]
    [InlineData("/api/v1/epochs/1/settlement/resume", "settlement_resume")]
    public async Task DoorForOnePerson_SaysWhereTwoGo(string path, string kind)
    {
        var (amy, _) = await pool.TwoPeople();
        using var key = pool.NewCaller(pool.OperatorKey);
        foreach (var one in (HttpClient[])[amy, key])
        {
            var (status, body) = await one.Post(path, new { reason = "I want it now", fee_bps = 400 });

            (status, body.Code()).ShouldBe((409, "approval_required"));
            body.GetProperty("error").Text("message").ShouldContain(kind);
        }
    }

    [Fact]
    public async Task Parameters_AreProposedByTwoPeople_AndThenWaitThePoolsOwnTimelock()
    {
        var max = 1000 + (int)(pool.Time.GetUtcNow().ToUnixTimeSeconds() % 1000);
        var (amy, ben) = await pool.TwoPeople();
        var id = (await amy.Wish("parameter_change", new { max_participants = max })).Body.Text("id");
        (await amy.Post($"/api/v1/approvals/{id}/approve")).Body.Code().ShouldBe("same_operator");
        (await Proposal(id)).ValueKind.ShouldBe(JsonValueKind.Undefined, "one person's wish is no proposal");
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        await FourEyes.Until(async () => (await Proposal(id)).ValueKind == JsonValueKind.Object);

        var proposal = await Proposal(id);
        proposal.Text("state").ShouldBe("waiting");
        proposal.GetProperty("change").GetProperty("max_participants").GetInt32().ShouldBe(max);
        (proposal.GetProperty("applies_at").GetDateTimeOffset() - proposal.GetProperty("proposed_at").GetDateTimeOffset()).ShouldBeGreaterThan(TimeSpan.FromHours(24));
        await FourEyes.Until(async () => await pool.Scalar<long>($"select count(*) from audit_log where action = 'execute parameter_change' and object = '{id}' and success and actor like '%+%'") == 1);

        // Stopping it takes one person.
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Send(HttpMethod.Delete, $"{Proposals}/{proposal.Text("id")}")).Body.Text("state").ShouldBe("cancelled");
    }

    [Fact]
    public async Task Slash_IsUpheldAgainstItsAppealByTwoPeople_AndTakesTheStake()
    {
        var member = await Staked.Join(pool, 200);
        var slash = await Appealed(member);
        var pending = await SlashPending();

        var approval = await pool.Agree("slash_uphold", new { participant = member.Address, slash });

        approval.Text("state").ShouldBe("executed", approval.ToString());
        var final = await Slash(member, slash);
        (final.Text("state"), final.Text("ruling")).ShouldBe(("final", approval.Text("reason")));
        (await SlashPending()).ShouldBe(pending + 50_000_000_000, "a quarter of 200 TON");
        (await pool.Scalar<long>($"select count(*) from audit_log where action = 'execute slash_uphold' and object = '{approval.Text("id")}' and success")).ShouldBe(1);
    }

    [Fact]
    public async Task Slash_TakenBackByOnePersonMeanwhile_IsNotUpheld()
    {
        var member = await Staked.Join(pool, 200);
        var slash = await Appealed(member);
        var (amy, ben) = await pool.TwoPeople();
        var id = (await amy.Wish("slash_uphold", new { participant = member.Address, slash })).Body.Text("id");
        await ben.Post($"/api/v1/approvals/{id}/approve");
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post($"{member.Path}/slashes/{slash}/void", new { reason = "the clock was wrong" })).Body.Text("state").ShouldBe("voided");

        pool.Time.Advance(TimeSpan.FromMinutes(61));
        using var reader = await pool.SignedIn("auditor", "reader");
        await FourEyes.Until(async () => await FourEyes.State(reader, id) != "approved");

        (await reader.Get($"/api/v1/approvals/{id}")).Body.Text("state").ShouldBe("refused");
        (await Slash(member, slash)).Text("state").ShouldBe("voided");
    }

    [Fact]
    public async Task Slash_UnderAnotherParticipantsName_IsNotProposed()
    {
        var (member, other) = (await Staked.Join(pool, 200), await Staked.Join(pool, 0));
        var slash = await Appealed(member);
        var (amy, _) = await pool.TwoPeople();

        (await amy.Wish("slash_uphold", new { participant = other.Address, slash })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Settlement_IsFrozenByOnePerson_AndGoesOnByTwo()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var early = await key.Post("/api/v1/epochs/1/settlement/freeze", new { reason = "too early" });
        (early.Status, early.Body.Code()).ShouldBe((409, "epoch_not_finalized"));
        // The clock of these tests runs ahead of the chain's, and an epoch ends by both; so its end is written, and the pool goes on from there.
        await pool.Services.GetRequiredService<IEpochStore>().BeginClosing(pool.Settings.Id, new(1), EpochCalendar.WholeMilliseconds(pool.Time.GetUtcNow()));
        await FourEyes.Until(async () => (await key.Post("/api/v1/epochs/1/settlement/freeze", new { reason = "balances are being checked" })).Status == 200);
        (await key.Post("/api/v1/epochs/1/settlement/freeze", new { reason = "balances are being checked" })).Body.GetProperty("frozen").GetBoolean().ShouldBeTrue();

        (await pool.Agree("settlement_resume", new { epoch = 1 })).Text("state").ShouldBe("executed");

        (await key.Get("/api/v1/epochs/1/settlement")).Body.GetProperty("frozen").GetBoolean().ShouldBeFalse();
    }

    private async Task<string> Appealed(Staked member)
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var (status, slash) = await key.Post($"{member.Path}/slashes", new { offence = "forged_receipt", evidence = $"receipt of {member.Address}" });
        status.ShouldBe(201, slash.ToString());
        (await member.Http.Post($"{member.Path}/slashes/{slash.Text("id")}/appeal", new { reason = "it was not me" })).Body.Text("state").ShouldBe("appealed");
        return slash.Text("id");
    }

    private async Task<JsonElement> Slash(Staked member, string id)
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        return (await key.Get($"{member.Path}/slashes")).Body.GetProperty("data").EnumerateArray().Single(s => s.Text("id") == id);
    }

    private async Task<JsonElement> Proposal(string approval)
    {
        using var anybody = pool.NewCaller();
        return (await anybody.Get(Proposals)).Body.GetProperty("data").EnumerateArray().SingleOrDefault(p => p.GetProperty("approval").GetString() == approval);
    }

    private async Task<long> SlashPending() => await pool.Scalar<long>("select coalesce(sum(balance), 0)::bigint from ledger_accounts where name = 'slash:pending'");
}
