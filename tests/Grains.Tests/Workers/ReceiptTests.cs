using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Workers;

public sealed class ReceiptTests : MemberTests
{
    [Fact]
    public async Task Submit_WhenTheReceiptComesAgain_AcknowledgesAndCountsItOnce()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        var batch = Someone.Sign((Someone.Receipt(task, 10), ticket));

        (await Someone.Worker.SubmitReceipts(batch)).Acknowledged.ShouldBe(["task-1"]);
        (await Someone.Worker.SubmitReceipts(batch)).Acknowledged.ShouldBe(["task-1"]);
        await Host.Restart();
        (await Someone.Worker.SubmitReceipts(batch)).Acknowledged.ShouldBe(["task-1"]);

        (await Tally()).Tasks.ShouldBe(1);
    }

    [Fact]
    public async Task Submit_WhenTheWorkerClaimsMoreThanTheGatewaySaw_CreditsWhatWasSeen()
    {
        var (task, ticket) = await Someone.Serve("task-1");

        (await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 900), ticket)))).Acknowledged.ShouldBe(["task-1"]);

        (await Tally()).AdjustedTokens.ShouldBe(AdjustedTokens.Of(new(5, 0, 10, 0), new(), 1000));
    }

    [Fact]
    public async Task Submit_HeldBackUntilTheGrainSlept_CreditsNoMoreThanWasSeenOfAllTasks()
    {
        var (first, one) = await Someone.Serve("task-1");
        var (second, other) = await Someone.Serve("task-2");
        await Host.Restart();

        var answer = await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(first, 900), one), (Someone.Receipt(second, 900), other)));
        answer.Acknowledged.ShouldBe(["task-1", "task-2"]);
        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(first, 900), one), (Someone.Receipt(second, 900), other)));

        (await Tally()).AdjustedTokens.ShouldBe(AdjustedTokens.Of(new(5, 0, 20, 0), new(), 1000) + AdjustedTokens.Of(new(5, 0, 0, 0), new(), 1000), "ten were seen of each");
    }

    [Fact]
    public async Task Submit_HonestlyAfterTheGrainSleptTwice_IsCreditedInFull()
    {
        var (first, one) = await Someone.Serve("task-1");
        await Host.Restart();
        await Someone.Worker.Describe();
        await Host.Restart();

        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(first, 10), one)));

        (await Tally()).AdjustedTokens.ShouldBe(AdjustedTokens.Of(new(5, 0, 10, 0), new(), 1000));
    }

    [Fact]
    public async Task Submit_WhenTheSameTaskComesWithOtherContent_RefusesIt()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10), ticket)));

        var answer = await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 9), ticket)));

        answer.Refused.ShouldHaveSingleItem().Code.ShouldBe("receipt_conflict");
        (await Tally()).Tasks.ShouldBe(1);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public async Task Submit_WhenTheAssigningServersClockIsOff_CountsAtTheMomentThatTheGatewaySaw(int offBySeconds)
    {
        var now = Host.Time.GetUtcNow();
        var (task, ticket) = await Someone.Serve("task-1", now.AddSeconds(offBySeconds));
        var claimed = now.AddSeconds(-5 * Math.Sign(offBySeconds));

        var answer = await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10) with { StartedAt = claimed, EndedAt = claimed }, ticket)));

        answer.Acknowledged.ShouldBe(["task-1"], "the worker did its work, whatever a server's clock says");
        var recorded = (await Host.Get<IContributionStore>().Receipts(PoolHost.PoolId, Someone.Address, 10)).ShouldHaveSingleItem();
        (recorded.EndedAt, recorded.Flagged).ShouldBe((now, true));
    }

    [Fact]
    public async Task Submit_WhenItEndsAfterNowAndNobodySawIt_IsTakenWhenItsTimeHasCome()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        await Host.Restart();
        var ahead = Host.Time.GetUtcNow().AddMinutes(2);
        var batch = Someone.Sign((Someone.Receipt(task, 10) with { EndedAt = ahead }, ticket));

        var early = await Someone.Worker.SubmitReceipts(batch);
        early.Acknowledged.ShouldBeEmpty();
        early.Refused.ShouldBeEmpty("in neither list: the worker keeps it and sends it again");
        Host.Time.Advance(TimeSpan.FromMinutes(2));

        (await Someone.Worker.SubmitReceipts(batch)).Acknowledged.ShouldBe(["task-1"]);
        (await Tally()).Tasks.ShouldBe(1);
    }

    [Fact]
    public async Task Submit_WhenItIsBackDatedAndNobodySawIt_IsRefused()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        await Host.Restart();
        var before = Host.Time.GetUtcNow().AddMinutes(-1);

        var answer = await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10) with { StartedAt = before, EndedAt = before }, ticket)));

        answer.Refused.ShouldHaveSingleItem().Code.ShouldBe("times_invalid");
    }

    [Fact]
    public async Task Submit_WhenThePoolNeverAssignedTheTask_RefusesIt()
    {
        var (_, ticket) = await Someone.Serve("task-1");

        var answer = await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(new("task-2"), 10), ticket)));

        answer.Refused.ShouldHaveSingleItem().Code.ShouldBe("not_assigned");
    }

    [Fact]
    public async Task Submit_WhenAnotherWorkerSendsAStolenReceipt_RefusesIt()
    {
        using var thief = await Member.Join(Host, 2);
        var (task, ticket) = await Someone.Serve("task-1");

        (await thief.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10), ticket)))).Refused.ShouldHaveSingleItem().Code.ShouldBe("bad_signature");
        (await thief.Worker.SubmitReceipts(thief.Sign((Someone.Receipt(task, 10), ticket)))).Refused.ShouldHaveSingleItem().Code.ShouldBe("wrong_worker");
        (await thief.Worker.SubmitReceipts(thief.Sign((thief.Receipt(task, 10), ticket)))).Refused.ShouldHaveSingleItem().Code.ShouldBe("not_assigned");
    }

    [Fact]
    public async Task Submit_WhenTheSignatureCoversOtherReceipts_RefusesTheWholeBatch()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        var signed = Someone.Sign((Someone.Receipt(task, 10), ticket));
        var other = Someone.Sign((Someone.Receipt(task, 9), ticket));

        var answer = await Someone.Worker.SubmitReceipts(signed with { Receipts = other.Receipts });

        answer.Acknowledged.ShouldBeEmpty();
        answer.Refused.ShouldHaveSingleItem().Code.ShouldBe("bad_signature");
    }

    [Fact]
    public async Task Submit_WhenTheGatewaySawTheWorkerFail_DoesNotCountItAsSuccess()
    {
        Host.Links.End = new(502, "worker_lost", "gone");
        var (task, ticket) = await Someone.Serve("task-1");

        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10), ticket)));

        var tally = await Tally();
        (tally.Tasks.IsZero, tally.FailedTasks).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Heartbeats_WhenRepeatedOrOutOfOrder_CreditNoMomentTwice()
    {
        await Someone.StayOnline(3);
        (await Someone.Worker.Heartbeat(new(Someone.StreamId, 2, 0, 0))).Accepted.ShouldBeTrue();
        (await Someone.Worker.Heartbeat(new(Someone.StreamId, 4, 0, 0))).Accepted.ShouldBeTrue();

        (await Tally()).GpuMilliseconds.ShouldBe(3_000);
    }

    [Fact]
    public async Task Heartbeats_AfterTheStreamOpened_CreditTheTimeSinceItsProvenHello()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        await Someone.Worker.Heartbeat(new(Someone.StreamId, 1, 0, 0));

        (await Tally()).GpuMilliseconds.ShouldBe(1_000);
    }

    [Fact]
    public async Task Heartbeats_AfterADrain_CreditNothingOfTheTimeAside()
    {
        await Someone.StayOnline(1);
        (await Someone.Worker.Drain("test")).Accepted.ShouldBeTrue();
        await Someone.Serve("task-refused-while-draining");
        (await Someone.Worker.Quarantine("test")).Accepted.ShouldBeTrue();
        Host.Time.Advance(TimeSpan.FromSeconds(1));

        await Someone.Worker.Heartbeat(new(Someone.StreamId, 9, 0, 0));

        (await Tally()).GpuMilliseconds.ShouldBe(1_000);
    }

    [Fact]
    public async Task Heartbeats_WhenTheHostRestarts_CreditNoMomentTwice()
    {
        await Someone.StayOnline(2);
        await Host.Restart();
        (await Someone.Worker.OpenStream(new(Someone.StreamId, "test"))).Accepted.ShouldBeTrue();
        await Someone.StayOnline(2);

        (await Tally()).GpuMilliseconds.ShouldBe(4_000);
    }

    private async Task<Domain.Epochs.ParticipantTally> Tally() =>
        (await Host.Get<IContributionStore>().Tallies(PoolHost.PoolId, new(1))).Single(t => t.Tally.Participant == Someone.Address).Tally;
}
