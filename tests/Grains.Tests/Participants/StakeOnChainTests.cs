using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

/// <summary>Stakes on chain and in the books: booked once, commanded once, whatever is lost, late or restarted in between.</summary>
public sealed class StakeOnChainTests : MemberTests
{
    private string _slash = "";

    private ChainModel Chain => Host.Chain;

    /// <summary>Asked anew after every restart.</summary>
    private ISlashGrain Slash => Host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{_slash}");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Someone.Worker.Quarantine("a worker that sends no heartbeats for days would be slashed for that");
    }

    [Fact]
    public async Task Deposit_IsBookedOnce_HoweverOftenItIsRead()
    {
        await Sweep();
        await Someone.Participant.FollowStake();
        await Host.Restart();
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(100));
        await BooksAgree();
    }

    [Fact]
    public async Task TopUp_ThatNothingAnnounces_IsFoundByTheRound_AlsoOfSomebodyWhoIsNoParticipant()
    {
        var stranger = new TonAddress(0, [.. Enumerable.Repeat((byte)9, 32)]);
        Chain.Stake(stranger, Nanotons.FromTon(5), Host.Time.GetUtcNow());
        await Sweep();
        Chain.Stakes.Deposit(Someone.Address, Nanotons.FromTon(50));
        Chain.Stakes.Deposit(stranger, Nanotons.FromTon(1));
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(150));
        (await Balance(AccountName.Stake(stranger))).ShouldBe(Nanotons.FromTon(6));
        (await Balance(AccountName.StakeAccounts)).ShouldBe(Nanotons.FromTon(156));
    }

    [Fact]
    public async Task Notice_ThatIsReadWhileTheChainGoesAway_IsReadAgain()
    {
        Chain.Stake(Someone.Address, Nanotons.FromTon(10), Host.Time.GetUtcNow());
        Chain.StakesUnreachable = true;
        await Should.ThrowAsync<Exception>(Sweep());
        Chain.StakesUnreachable = false;
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(110));
    }

    [Fact]
    public async Task RequestThatNobodyAnnounced_CarriesNoGpusAnyMore_AndDoesSoAgainWhenItIsCancelled()
    {
        Chain.Stakes.Request(Someone.Address, Nanotons.FromTon(50)).ShouldBeTrue();
        await Sweep();
        var asked = (await Someone.Participant.Withdrawals()).ShouldHaveSingleItem();
        (asked.OnChain, asked.Amount, asked.State).ShouldBe((true, Nanotons.FromTon(50), WithdrawalState.Waiting));
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Suspended);
        (await Someone.Participant.CancelWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_on_chain");

        Chain.Stakes.Cancel(Someone.Address).ShouldBeTrue();
        await Sweep();
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Active);
    }

    [Fact]
    public async Task Withdrawal_IsPaidByThePoolWhenItIsDue_AndBookedFromItsTransaction_OverARestartAfterEveryStep()
    {
        Chain.Stakes.Deposit(Someone.Address, Nanotons.FromTon(50));
        await Sweep();
        var asked = (await Someone.Participant.RequestWithdrawal(Nanotons.FromTon(50))).Value!;
        (await Someone.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_not_on_chain");
        Chain.Stakes.Request(Someone.Address, Nanotons.FromTon(50)).ShouldBeTrue();
        await Sweep();
        (await Someone.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_not_due");

        Pass(TimeSpan.FromDays(7));
        for (var step = 0; step < 5; step++)
        {
            Chain.LoseNextReply = step == 0;
            await Sweep(mayFail: true);
            await Host.Restart();
        }

        Chain.Stakes.Paid.ShouldHaveSingleItem().ShouldBe((Someone.Address, Nanotons.FromTon(50)));
        var paid = (await Someone.Participant.Withdrawals()).ShouldHaveSingleItem();
        (paid.Id, paid.State, paid.Released, paid.Transaction is not null).ShouldBe((asked.Id, WithdrawalState.Completed, Nanotons.FromTon(50), true));
        Chain.MostLiveSignatures.ShouldBe(1);
        await BooksAgree();
    }

    [Fact]
    public async Task FullWithdrawal_EndsTheParticipation()
    {
        (await Someone.Worker.Deactivate("leaving")).Accepted.ShouldBeTrue();
        Chain.Stakes.Request(Someone.Address, Nanotons.FromTon(100)).ShouldBeTrue();
        await Sweep();
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawing);

        // The participant's own wallet completes it as well as the pool's.
        Chain.Time += (long)TimeSpan.FromDays(7).TotalSeconds;
        Chain.Stakes.Complete(Someone.Address).ShouldBeTrue();
        await Sweep();
        (await Someone.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawn);
        (await Stake()).ShouldBe(default);
        await BooksAgree();
    }

    [Fact]
    public async Task Slash_HoldsWithdrawalsBack_AndIsExecutedOnce_OverLostRepliesAndARestartAfterEveryStep()
    {
        Chain.Stakes.Request(Someone.Address, Nanotons.FromTon(100)).ShouldBeTrue();
        await Sweep();
        Pass(TimeSpan.FromDays(6.9));
        await Open();
        await CarryOut();
        Pass(TimeSpan.FromDays(1));
        Chain.Stakes.Complete(Someone.Address).ShouldBeFalse("the suspension holds it back");
        await Slash.Uphold("it was");

        for (var step = 0; step < 12; step++)
        {
            Chain.LoseNextReply = step % 3 == 0;
            await Sweep(mayFail: true);
            await Host.Restart();
        }

        (Chain.Stakes.Burned, Chain.Stakes.Treasury).ShouldBe((new(12_500_000_000), new(12_500_000_000)));
        Chain.Stakes.Paid.ShouldHaveSingleItem().Amount.ShouldBe(Nanotons.FromTon(75), "and then the withdrawal, of what is left");
        (await Slash.Describe())!.Execution.ShouldNotBeNull();
        Chain.MostLiveSignatures.ShouldBe(1);
        await BooksAgree();
    }

    [Fact]
    public async Task Voided_LiftsTheSuspension()
    {
        await Open();
        await CarryOut();
        Chain.Stakes.State(Someone.Address).SuspendedUntil.ShouldNotBeNull();

        await Slash.Void("a mistake");
        await CarryOut();
        Chain.Stakes.State(Someone.Address).SuspendedUntil.ShouldBeNull();
        Chain.Stakes.State(Someone.Address).Stake.ShouldBe(Nanotons.FromTon(100));
    }

    [Fact]
    public async Task WithdrawalFasterThanTheSuspension_LeavesTheSlashWhatIsThere()
    {
        Chain.Stakes.Request(Someone.Address, Nanotons.FromTon(90)).ShouldBeTrue();
        await Sweep();
        Chain.Time += (long)TimeSpan.FromDays(7).TotalSeconds;
        await Open();
        Chain.Stakes.Complete(Someone.Address).ShouldBeTrue();
        await CarryOut();
        (await Slash.Describe())!.Amount.ShouldBe(Nanotons.FromTon(10));
        await BooksAgree();

        await Slash.Uphold("it was");
        await CarryOut();
        (Chain.Stakes.Burned, Chain.Stakes.Treasury).ShouldBe((Nanotons.FromTon(5), Nanotons.FromTon(5)));
        await BooksAgree();
    }

    [Fact]
    public async Task NumberThatAPayoutUsedFirst_DisplacesTheSlash_WhichIsSignedAnew()
    {
        await Open();
        await CarryOut();
        await Slash.Uphold("it was");
        Chain.DropBroadcasts = true;
        await Sweep();
        Chain.UseSeqno();
        Chain.DropBroadcasts = false;
        await CarryOut();
        Chain.Stakes.Burned.ShouldBe(new(12_500_000_000));
        Chain.MostLiveSignatures.ShouldBe(1);
        await BooksAgree();
    }

    [Fact]
    public async Task SlashThatSomebodyExecutedPastThePool_IsFollowed()
    {
        Chain.Stakes.Slash(Someone.Address, 7, Nanotons.FromTon(3)).ShouldBeTrue();
        await Sweep();
        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(97));
        await BooksAgree();
    }

    private async Task Open()
    {
        var id = SlashRules.IdOf(Someone.Address, SlashOffence.ForgedReceipt, "receipt");
        var slash = Host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{id}");
        (await slash.Open(new(Someone.Address, SlashOffence.ForgedReceipt, "receipt"))).Accepted.ShouldBeTrue();
        await slash.Appeal("no");
        _slash = id;
    }

    private void Pass(TimeSpan span)
    {
        Chain.Time += (long)span.TotalSeconds;
        Host.Time.Advance(span);
    }

    private Task Sweep() => Host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();

    private async Task Sweep(bool mayFail)
    {
        try
        {
            await Sweep();
        }
        catch (Exception) when (mayFail)
        {
            // A lost reply; the next sweep goes on.
        }
    }

    private async Task CarryOut()
    {
        for (var step = 0; step < 8; step++)
            await Sweep();
    }

    private async Task BooksAgree()
    {
        var pending = await Balance(AccountName.SlashPending);
        ((await Stake()).Balance + pending).ShouldBe(Chain.Stakes.State(Someone.Address).Stake);
        (await Balance(AccountName.StakeAccounts)).ShouldBe(Chain.Stakes.State(Someone.Address).Stake);
        (await Host.Get<ILedgerStore>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
    }

    private async Task<Nanotons> Balance(AccountName account) => (await Host.Get<ILedgerStore>().Account(PoolHost.PoolId, account)).Balance;

    private Task<AccountFigures> Stake() => Host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Stake(Someone.Address));
}
