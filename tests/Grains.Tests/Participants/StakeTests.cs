using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

public sealed class StakeTests : IAsyncLifetime
{
    private PoolHost _host = null!;
    private Member _member = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PoolHost.Start();
        _member = await Member.Join(_host, 1);
    }

    public async ValueTask DisposeAsync()
    {
        _member.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task PartialWithdrawal_BelowTheTierOfTheGpus_IsRefused()
    {
        await TopUp(50);
        (await _member.Participant.RequestWithdrawal(new(50_000_000_001))).Refusal.ShouldBe("stake_below_tier");
        (await _member.Participant.RequestWithdrawal(Nanotons.FromTon(151))).Refusal.ShouldBe("stake_insufficient");
    }

    [Fact]
    public async Task StakeThatIsAskedBack_CarriesNoFurtherGpus()
    {
        await TopUp(100);
        await _member.Participant.RequestWithdrawal(Nanotons.FromTon(100));
        (await _member.Participant.AuthorizeActivation("another", 2)).Refusal.ShouldBe("stake_below_tier");
    }

    [Fact]
    public async Task FullWithdrawal_IsForThoseWhoBringNoWorkersAnyMore_AndCanBeTakenBack()
    {
        (await _member.Participant.RequestWithdrawal(null)).Refusal.ShouldBe("workers_still_registered");
        await Leave();

        var asked = (await _member.Participant.RequestWithdrawal(null)).Value!;
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawing);
        (await _member.Participant.AuthorizeActivation("another", 1)).Accepted.ShouldBeFalse();
        (await _member.Participant.CancelWithdrawal(asked.Id)).Value!.State.ShouldBe(WithdrawalState.Cancelled);
        (await _member.Participant.CancelWithdrawal(asked.Id)).Accepted.ShouldBeTrue();

        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Active);
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_cancelled");
    }

    [Fact]
    public async Task Suspension_ByTheOperator_IsNotBoughtOffByATopUp()
    {
        (await _member.Participant.Suspend("investigation")).Value!.SuspendedBecause.ShouldBe("investigation");
        await TopUp(500);
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Suspended);

        (await _member.Participant.Unsuspend()).Value!.State.ShouldBe(ParticipantState.Active);
    }

    private async Task Leave()
    {
        await _member.Worker.Quarantine("leaving");
        (await _member.Worker.Deactivate("leaving")).Accepted.ShouldBeTrue();
    }

    private async Task TopUp(long ton)
    {
        _host.Chain.Stake(_member.Address, Nanotons.FromTon(ton), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();
    }
}
