using System.Text.Json;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Operations;

public sealed class ApprovalTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Adjustment_MovesMoneyOnlyWithTwoPeopleAndAfterTheTimelock()
    {
        var (amy, ben) = await pool.TwoPeople();
        var before = await Treasury();
        var id = (await Propose(amy, 7)).Body.Text("id");

        (await amy.Post($"/api/v1/approvals/{id}/approve")).Body.Code().ShouldBe("same_operator");
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200, "a repeat changes nothing");
        (await Treasury()).ShouldBe(before, "the timelock has not passed");
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        (amy, ben) = await pool.TwoPeople();

        await FourEyes.Until(async () => (await FourEyes.State(ben, id)) == "executed");
        (await Treasury()).ShouldBe(before + 7);
        (await amy.Post($"/api/v1/approvals/{id}/cancel")).Status.ShouldBe(409);
        (await pool.Scalar<long>($"select count(*) from audit_log where action = 'execute ledger_adjustment' and object = '{id}' and success")).ShouldBe(1);
    }

    [Fact]
    public async Task Approval_TakenBackInTime_IsNeverCarriedOut()
    {
        var (amy, ben) = await pool.TwoPeople();
        var before = await Treasury();
        var id = (await Propose(amy, 11)).Body.Text("id");
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);

        (await amy.Post($"/api/v1/approvals/{id}/cancel")).Status.ShouldBe(200);
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        // Another one that is due shows that the runner has looked.
        (amy, ben) = await pool.TwoPeople();
        var other = (await Propose(amy, 1)).Body.Text("id");
        await ben.Post($"/api/v1/approvals/{other}/approve");
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        (amy, ben) = await pool.TwoPeople();
        await FourEyes.Until(async () => (await FourEyes.State(ben, other)) == "executed");

        (await Treasury()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task WhoeverMadeAnAccount_CannotBeItsPersonToo()
    {
        var person = await Person.Create(pool, "operator");
        using var puppet = await person.SignedIn();
        var (amy, _) = await pool.TwoPeople();
        var id = (await Propose(amy, 5)).Body.Text("id");

        (await puppet.Post($"/api/v1/approvals/{id}/approve")).Body.Code().ShouldBe("credentials_not_own");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PersonWhoWasShutOutBeforeTheTimelockPassed_IsBelievedNoMore(bool proposer)
    {
        var before = await Treasury();
        var (first, second) = (await Person.Create(pool, "operator"), await Person.Create(pool, "operator"));
        await first.TakeOver();
        await second.TakeOver();
        using var amy = await first.SignedIn();
        using var ben = await second.SignedIn();
        var id = (await Propose(amy, 13)).Body.Text("id");
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);

        using var officer = await pool.SignedIn("security", "officer");
        (await officer.Post($"/api/v1/users/{(proposer ? first : second).Username}/disable")).Status.ShouldBe(200);
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        using var auditor = await pool.SignedIn("auditor", "auditor");
        await FourEyes.Until(async () => (await FourEyes.State(auditor, id)) == "refused");

        (await auditor.Get($"/api/v1/approvals/{id}")).Body.Text("outcome").ShouldBe("person_shut_out");
        (await Treasury()).ShouldBe(before);
    }

    [Fact]
    public async Task OperationThatCannotBeCarriedOutNow_DoesNotHoldUpTheOthers()
    {
        var before = await Treasury();
        var (amy, ben) = await pool.TwoPeople();
        var stuck = (await Propose(amy, 17)).Body.Text("id");
        var free = (await Propose(amy, 19)).Body.Text("id");
        foreach (var id in (string[])[stuck, free])
            (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);
        // A payload that its own room cannot read, as one of an older version could be.
        await pool.Execute($"update approvals set kind = 'parameter_change', payload = '[]' where id = '{stuck}'");
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        using var auditor = await pool.SignedIn("auditor", "auditor");

        await FourEyes.Until(async () => (await FourEyes.State(auditor, free)) == "executed");

        (await FourEyes.State(auditor, stuck)).ShouldBe("approved");
        (await Treasury()).ShouldBe(before + 19);
        using var officer = await (await Person.Create(pool, "security")).SignedIn();
        (await officer.Post($"/api/v1/approvals/{stuck}/cancel")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task ApiKeys_AreNoPeople()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var (amy, _) = await pool.TwoPeople();
        var id = (await Propose(amy, 5)).Body.Text("id");

        (await key.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(403);
        (await Propose(key, 5)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Proposal_OlderThanAWeek_IsProposedAgain()
    {
        var (amy, _) = await pool.TwoPeople();
        var id = (await Propose(amy, 5)).Body.Text("id");
        pool.Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        var (_, ben) = await pool.TwoPeople();

        (await ben.Post($"/api/v1/approvals/{id}/approve")).Body.Code().ShouldBe("approval_expired");
    }

    [Theory]
    [InlineData("ledger_adjustment", """{"debit":"treasury","credit":"treasury","amount_nano":"1"}""")]
    [InlineData("ledger_adjustment", """{"debit":"treasury","credit":"nowhere","amount_nano":"1"}""")]
    [InlineData("ledger_adjustment", """{"debit":"treasury","credit":"burned","amount_nano":"-1"}""")]
    [InlineData("ledger_adjustment", """{"debit":"treasury","credit":"burned","amount_nano":"1","extra":1}""")]
    [InlineData("ledger_adjustment", """[]""")]
    [InlineData("parameter_change", """{"fee_bps":9999}""")]
    [InlineData("parameter_change", """{"fee_bps":500}""")]
    [InlineData("parameter_change", """{"no_such_parameter":1}""")]
    [InlineData("parameter_change", """{}""")]
    [InlineData("slash_uphold", """{"participant":"0:7777777777777777777777777777777777777777777777777777777777777777","slash":"ab"}""")]
    [InlineData("slash_uphold", """{"slash":"ab"}""")]
    [InlineData("settlement_resume", """{"epoch":0}""")]
    [InlineData("settlement_resume", """{"epoch":1}""")]
    [InlineData("send_everything_to_me", """{}""")]
    public async Task Proposal_ThatMakesNoSense_IsRefusedAtOnce(string kind, string payload)
    {
        var (amy, _) = await pool.TwoPeople();

        var (status, body) = await amy.Post("/api/v1/approvals", new { kind, payload = JsonSerializer.Deserialize<JsonElement>(payload), reason = "because" });

        (status, body.Code()).ShouldBe((400, "invalid_request"));
    }

    [Fact]
    public async Task Proposal_WithoutAPayload_IsRefusedInWords()
    {
        var (amy, _) = await pool.TwoPeople();

        (await amy.Post("/api/v1/approvals", new { kind = "ledger_adjustment", reason = "because" })).Body.Code().ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Database_ItselfRefusesAnApprovalByItsProposer()
    {
        var (amy, _) = await pool.TwoPeople();
        var id = (await Propose(amy, 5)).Body.Text("id");

        await Should.ThrowAsync<Npgsql.PostgresException>(() => pool.Execute($"update approvals set state = 1, decided_by = proposed_by, execute_at = now() where id = '{id}'"));
    }

    [Fact]
    public async Task EmergencyPause_NeedsOnePerson()
    {
        using var officer = await pool.SignedIn("security", "officer");
        using var key = pool.NewCaller(pool.OperatorKey);

        (await officer.Post("/api/v1/pool/pause", new { reason = "something is wrong" })).Status.ShouldBe(200);
        (await officer.Post("/api/v1/pool/resume")).Status.ShouldBe(403);
        (await key.Post("/api/v1/pool/resume")).Status.ShouldBe(200);
    }

    private static Task<(int Status, JsonElement Body)> Propose(HttpClient who, long nano) => who.Post(
        "/api/v1/approvals", new { kind = "ledger_adjustment", payload = new { debit = "chain:distribution", credit = "treasury", amount_nano = $"{nano}" }, reason = "a gift of the founders" });

    private async Task<long> Treasury() => await pool.Scalar<long>("select coalesce(sum(balance), 0)::bigint from ledger_accounts where name = 'treasury'");
}
