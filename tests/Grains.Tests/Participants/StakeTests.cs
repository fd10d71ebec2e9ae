using CocoonPool.Adapters.Postgres.Participants;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

public sealed class StakeTests : IAsyncLifetime
{
    private static readonly string Transaction = new('a', 64);

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
    public async Task PartialWithdrawal_WaitsItsDelay_IsHeld_AndLeavesTheBooksWithTheProofOfItsPayment()
    {
        // A worker that sends no heartbeats for days would be slashed for that.
        await _member.Worker.Quarantine("not part of this test");
        await TopUp(50);
        var asked = (await _member.Participant.RequestWithdrawal(Nanotons.FromTon(50))).Value!;
        (await _member.Participant.RequestWithdrawal(Nanotons.FromTon(50))).Value.ShouldBe(asked, "the same request again is the same withdrawal");
        (await _member.Participant.RequestWithdrawal(Nanotons.FromTon(49))).Refusal.ShouldBe("withdrawal_already_waiting");
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_not_due");

        _host.Time.Advance(TimeSpan.FromDays(7));
        var releasing = (await _member.Participant.CompleteWithdrawal(asked.Id)).Value!;
        (releasing.State, (await Stake()).Reserved).ShouldBe((WithdrawalState.Releasing, Nanotons.FromTon(50)));

        await _host.Restart();
        (await _host.Get<OperatorStakeCustody>().NotePayment(PoolHost.PoolId, _member.Address, asked.Id, Transaction)).ShouldBeTrue();
        var completed = (await _member.Participant.CompleteWithdrawal(asked.Id)).Value!;
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Value.ShouldBe(completed);

        (completed.State, completed.Released, completed.Transaction).ShouldBe((WithdrawalState.Completed, Nanotons.FromTon(50), Transaction));
        (await Stake()).ShouldBe(new AccountFigures(Nanotons.FromTon(100), Nanotons.Zero));
        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.StakeAccounts)).Balance.ShouldBe(Nanotons.FromTon(100));
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Active);
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
    public async Task FullWithdrawal_CanBeSlashedWhileItWaits_AndPaysWhatIsLeft()
    {
        await Leave();
        var asked = (await _member.Participant.RequestWithdrawal(null)).Value!;
        var id = SlashRules.IdOf(_member.Address, SlashOffence.ForgedReceipt, "late evidence");
        var slash = _host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{id}");
        await slash.Open(new(_member.Address, SlashOffence.ForgedReceipt, "late evidence"));
        await slash.Appeal("no");
        _host.Time.Advance(TimeSpan.FromDays(7));
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("slash_open");

        await slash.Uphold("yes");
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Value!.Released.ShouldBe(Nanotons.FromTon(75));
        await _host.Get<OperatorStakeCustody>().NotePayment(PoolHost.PoolId, _member.Address, asked.Id, Transaction);
        await _member.Participant.CompleteWithdrawal(asked.Id);

        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawn);
        (await Stake()).ShouldBe(default);
        (await _member.Participant.RequestWithdrawal(null)).Message.ShouldContain("participant_withdrawn");
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
        _host.Chain.Deposit(_member.Address, ChainModel.StakeWallet, Nanotons.FromTon(ton), _host.Time.GetUtcNow(), "stake");
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
    }

    private Task<AccountFigures> Stake() => _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Stake(_member.Address));
}
