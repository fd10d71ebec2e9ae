using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

public sealed class StakeTests : MemberTests
{
    [Fact]
    public async Task PartialWithdrawal_BelowTheTierOfTheGpus_IsRefused()
    {
        await TopUp(50);
        (await Someone.Participant.RequestWithdrawal(new(50_000_000_001))).Refusal.ShouldBe("stake_below_tier");
        (await Someone.Participant.RequestWithdrawal(Nanotons.FromTon(151))).Refusal.ShouldBe("stake_insufficient");
    }

    [Fact]
    public async Task StakeThatIsAskedBack_CarriesNoFurtherGpus()
    {
        await TopUp(100);
        await Someone.Participant.RequestWithdrawal(Nanotons.FromTon(100));
        (await Someone.Participant.AuthorizeActivation("another", 2)).Refusal.ShouldBe("stake_below_tier");
    }

    [Fact]
    public async Task FullWithdrawal_IsForThoseWhoBringNoWorkersAnyMore_AndCanBeTakenBack()
    {
        (await Someone.Participant.RequestWithdrawal(null)).Refusal.ShouldBe("workers_still_registered");
        await Leave();

        var asked = (await Someone.Participant.RequestWithdrawal(null)).Value!;
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawing);
        (await Someone.Participant.AuthorizeActivation("another", 1)).Accepted.ShouldBeFalse();
        (await Someone.Participant.CancelWithdrawal(asked.Id)).Value!.State.ShouldBe(WithdrawalState.Cancelled);
        (await Someone.Participant.CancelWithdrawal(asked.Id)).Accepted.ShouldBeTrue();

        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Active);
        (await Someone.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_cancelled");
    }

    [Fact]
    public async Task WithdrawalsAnnouncedAndCancelledInMasses_AreRefusedAfterTenInADay()
    {
        await TopUp(50);
        for (var i = 0; i < StakeWithdrawals.MostInADay; i++)
            await Someone.Participant.CancelWithdrawal((await Someone.Participant.RequestWithdrawal(new(1))).Value!.Id);

        (await Someone.Participant.RequestWithdrawal(new(1))).Refusal.ShouldBe("withdrawals_too_many");
        Host.Time.Advance(TimeSpan.FromDays(1));
        (await Someone.Participant.RequestWithdrawal(new(1))).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task ChainThatCannotBeRead_IsSaidInWordsThatNameNoMachine()
    {
        Host.Chain.StakesUnreachable = true;

        var answer = await Someone.Participant.FollowStake();

        (answer.Refusal, answer.Message).ShouldBe(("chain_unreachable", "The stake on chain cannot be read now; try again in a minute."));
    }

    [Fact]
    public async Task Suspension_ByTheOperator_IsNotBoughtOffByATopUp()
    {
        (await Someone.Participant.Suspend("investigation")).Value!.SuspendedBecause.ShouldBe("investigation");
        await TopUp(500);
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Suspended);

        (await Someone.Participant.Unsuspend()).Value!.State.ShouldBe(ParticipantState.Active);
    }

    private async Task Leave()
    {
        await Someone.Worker.Quarantine("leaving");
        (await Someone.Worker.Deactivate("leaving")).Accepted.ShouldBeTrue();
    }

    private async Task TopUp(long ton)
    {
        Host.Chain.Stake(Someone.Address, Nanotons.FromTon(ton), Host.Time.GetUtcNow());
        await Host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();
    }
}
