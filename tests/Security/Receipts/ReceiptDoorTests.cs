using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Receipts;

/// <summary>Receipts through the door that workers use, from workers that lie: each refused in the documented words, and nothing counted.</summary>
public sealed class ReceiptDoorTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task HonestReceipt_IsRecorded_AndSentAgainCountsOnce()
    {
        using var worker = await Forger.Join(pool);
        var claim = worker.Claim();
        var ticket = worker.Ticket(claim.Task);

        (await worker.Send(claim, ticket)).Status.ShouldBe(201);
        var again = await worker.Send(claim, ticket);

        again.Status.ShouldBe(201, "a worker that did not hear the answer sends it again");
        (await Counted(claim)).ShouldBe(1);
        (await Tallied(worker)).ShouldBe(1);
    }

    [Fact]
    public async Task ReceiptSignedWithAnotherKey_IsForged()
    {
        using var worker = await Forger.Join(pool);
        using var other = await Forger.Join(pool);
        var claim = worker.Claim();

        await Refused(await worker.Send(claim, worker.Ticket(claim.Task), signer: other), "bad_signature", claim);
    }

    [Fact]
    public async Task TaskThatWasNeverAssigned_IsInvented()
    {
        using var worker = await Forger.Join(pool);
        var (claim, real) = (worker.Claim(), worker.Claim());
        var ticket = worker.Ticket(real.Task);

        await Refused(await worker.Send(claim, ticket), "not_assigned", claim);
        await Refused(await worker.Send(claim, "1.0.999999.999999." + new string('0', 64)), "not_assigned", claim);
        // The limits are part of what the pool vouches for.
        await Refused(await worker.Send(real, ticket.Replace(".20.", ".20000.", StringComparison.Ordinal)), "not_assigned", real);
    }

    [Fact]
    public async Task ReceiptOfAnotherWorker_IsStolen()
    {
        using var alice = await Forger.Join(pool);
        using var mallory = await Forger.Join(pool);
        var hers = alice.Claim();
        var ticket = alice.Ticket(hers.Task);

        await Refused(await mallory.Send(hers, ticket), "wrong_worker", hers);
        await Refused(await mallory.Send(hers with { Worker = mallory.Worker }, ticket), "wrong_worker", hers);
        await Refused(await mallory.Send(hers with { Worker = mallory.Worker, Participant = mallory.Participant }, ticket), "not_assigned", hers);
        await Refused(await alice.Send(hers with { Participant = mallory.Participant }, ticket), "wrong_worker", hers);
    }

    [Fact]
    public async Task ReceiptWithAnotherTime_IsBackDatedOrAhead()
    {
        using var worker = await Forger.Join(pool);
        var claim = worker.Claim();
        var ticket = worker.Ticket(claim.Task);

        foreach (var wrong in (Claim[])
        [
            claim with { Started = claim.Started.AddSeconds(-30) },
            claim with { Started = claim.Started.AddDays(-8), Ended = claim.Ended.AddDays(-8) },
            claim with { Ended = claim.Ended.AddDays(8) },
        ])
            await Refused(await worker.Send(wrong, ticket), "times_invalid", claim);

        // A little ahead may be a clock that is wrong: nothing is decided, and nothing counts, before its time has come.
        (await worker.Send(claim with { Ended = claim.Ended.AddHours(1) }, ticket)).Status.ShouldBe(503);
        (await Counted(claim)).ShouldBe(0);
        await Refused(await worker.Send(claim with { Ended = claim.Started.AddSeconds(-1) }, ticket), "receipt_times_invalid", claim);
    }

    [Fact]
    public async Task TaskThatIsRecorded_IsNotRecordedWithOtherFigures()
    {
        using var worker = await Forger.Join(pool);
        var claim = worker.Claim();
        var ticket = worker.Ticket(claim.Task);
        (await worker.Send(claim, ticket)).Status.ShouldBe(201);

        var (status, body) = await worker.Send(claim with { Completion = 19 }, ticket);

        (status, body.Code()).ShouldBe((422, "receipt_conflict"));
        (await Counted(claim)).ShouldBe(1);
        (await pool.Scalar<long>($"select completion_tokens from contributions where task_id = '{claim.Task}'")).ShouldBe(3);
    }

    [Fact]
    public async Task ReceiptThatClaimsMoreThanWasAllowed_IsCut_AndFlagged()
    {
        using var worker = await Forger.Join(pool);
        var claim = worker.Claim() with { Prompt = 1_000_000, Completion = 1_000_000 };

        (await worker.Send(claim, worker.Ticket(claim.Task))).Status.ShouldBe(201);

        (await pool.Scalar<bool>($"select prompt_tokens = 10 and completion_tokens = 20 and flagged from contributions where task_id = '{claim.Task}'")).ShouldBeTrue();
    }

    [Fact]
    public async Task RequestSentAgain_OrForAnotherBody_OrLate_IsNobodys()
    {
        using var worker = await Forger.Join(pool);
        using var other = await Forger.Join(pool);
        var claim = worker.Claim();
        var (body, moment) = (worker.Body(claim, worker.Ticket(claim.Task)), worker.Stamp());
        (await worker.Request(body, moment)).Status.ShouldBe(201);

        (await worker.Request(body, moment)).Status.ShouldBe(401, "the same request, overheard on the way");
        (await worker.Request(body, moment - 31_000)).Status.ShouldBe(401);
        (await worker.Request(body, moment + 31_000)).Status.ShouldBe(401);
        (await other.Request(body, other.Stamp())).Status.ShouldBe(401, "signed with the key of another worker");
    }

    private async Task Refused((int Status, System.Text.Json.JsonElement Body) answer, string code, Claim claim)
    {
        (answer.Status, answer.Body.Code()).ShouldBe((422, code));
        (await Counted(claim)).ShouldBe(0);
    }

    private Task<long> Counted(Claim claim) => pool.Scalar<long>($"select count(*) from contributions where task_id = '{claim.Task}'");

    private Task<long> Tallied(Forger worker) => pool.Scalar<long>($"select coalesce(sum(tasks), 0)::bigint from epoch_tallies where participant = '{worker.Participant}'");
}
