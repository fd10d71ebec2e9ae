using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

/// <summary>Stakes on chain and in the books: booked once, commanded once, whatever is lost, late or restarted in between.</summary>
public sealed class StakeOnChainTests : IAsyncLifetime
{
    private PoolHost _host = null!;
    private Member _member = null!;
    private string _slash = "";

    private ChainModel Chain => _host.Chain;

    /// <summary>Asked anew after every restart.</summary>
    private ISlashGrain Slash => _host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{_slash}");

    public async ValueTask InitializeAsync()
    {
        _host = await PoolHost.Start();
        _member = await Member.Join(_host, 1);
        await _member.Worker.Quarantine("a worker that sends no heartbeats for days would be slashed for that");
    }

    public async ValueTask DisposeAsync()
    {
        _member.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Deposit_IsBookedOnce_HoweverOftenItIsRead()
    {
        await Sweep();
        await _member.Participant.FollowStake();
        await _host.Restart();
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(100));
        await BooksAgree();
    }

    [Fact]
    public async Task TopUp_ThatNothingAnnounces_IsFoundByTheRound_AlsoOfSomebodyWhoIsNoParticipant()
    {
        var stranger = new TonAddress(0, [.. Enumerable.Repeat((byte)9, 32)]);
        Chain.Stake(stranger, Nanotons.FromTon(5), _host.Time.GetUtcNow());
        await Sweep();
        Chain.Stakes.Deposit(_member.Address, Nanotons.FromTon(50));
        Chain.Stakes.Deposit(stranger, Nanotons.FromTon(1));
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(150));
        (await Balance(AccountName.Stake(stranger))).ShouldBe(Nanotons.FromTon(6));
        (await Balance(AccountName.StakeAccounts)).ShouldBe(Nanotons.FromTon(156));
    }

    [Fact]
    public async Task Notice_ThatIsReadWhileTheChainGoesAway_IsReadAgain()
    {
        Chain.Stake(_member.Address, Nanotons.FromTon(10), _host.Time.GetUtcNow());
        Chain.StakesUnreachable = true;
        await Should.ThrowAsync<Exception>(Sweep());
        Chain.StakesUnreachable = false;
        await Sweep();

        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(110));
    }

    [Fact]
    public async Task RequestThatNobodyAnnounced_CarriesNoGpusAnyMore_AndDoesSoAgainWhenItIsCancelled()
    {
        Chain.Stakes.Request(_member.Address, Nanotons.FromTon(50)).ShouldBeTrue();
        await Sweep();
        var asked = (await _member.Participant.Withdrawals()).ShouldHaveSingleItem();
        (asked.OnChain, asked.Amount, asked.State).ShouldBe((true, Nanotons.FromTon(50), WithdrawalState.Waiting));
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Suspended);
        (await _member.Participant.CancelWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_on_chain");

        Chain.Stakes.Cancel(_member.Address).ShouldBeTrue();
        await Sweep();
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Active);
    }

    [Fact]
    public async Task Withdrawal_IsPaidByThePoolWhenItIsDue_AndBookedFromItsTransaction_OverARestartAfterEveryStep()
    {
        Chain.Stakes.Deposit(_member.Address, Nanotons.FromTon(50));
        await Sweep();
        var asked = (await _member.Participant.RequestWithdrawal(Nanotons.FromTon(50))).Value!;
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_not_on_chain");
        Chain.Stakes.Request(_member.Address, Nanotons.FromTon(50)).ShouldBeTrue();
        await Sweep();
        (await _member.Participant.CompleteWithdrawal(asked.Id)).Refusal.ShouldBe("withdrawal_not_due");

        Pass(TimeSpan.FromDays(7));
        for (var step = 0; step < 5; step++)
        {
            Chain.LoseNextReply = step == 0;
            await Sweep(mayFail: true);
            await _host.Restart();
        }

        Chain.Stakes.Paid.ShouldHaveSingleItem().ShouldBe((_member.Address, Nanotons.FromTon(50)));
        var paid = (await _member.Participant.Withdrawals()).ShouldHaveSingleItem();
        (paid.Id, paid.State, paid.Released, paid.Transaction is not null).ShouldBe((asked.Id, WithdrawalState.Completed, Nanotons.FromTon(50), true));
        Chain.MostLiveSignatures.ShouldBe(1);
        await BooksAgree();
    }

    [Fact]
    public async Task FullWithdrawal_EndsTheParticipation()
    {
        (await _member.Worker.Deactivate("leaving")).Accepted.ShouldBeTrue();
        Chain.Stakes.Request(_member.Address, Nanotons.FromTon(100)).ShouldBeTrue();
        await Sweep();
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawing);

        // The participant's own wallet completes it as well as the pool's.
        Chain.Time += (long)TimeSpan.FromDays(7).TotalSeconds;
        Chain.Stakes.Complete(_member.Address).ShouldBeTrue();
        await Sweep();
        (await _member.Participant.Describe())!.State.ShouldBe(ParticipantState.Withdrawn);
        (await Stake()).ShouldBe(default);
        await BooksAgree();
    }

    [Fact]
    public async Task Slash_HoldsWithdrawalsBack_AndIsExecutedOnce_OverLostRepliesAndARestartAfterEveryStep()
    {
        Chain.Stakes.Request(_member.Address, Nanotons.FromTon(100)).ShouldBeTrue();
        await Sweep();
        Pass(TimeSpan.FromDays(6.9));
        await Open();
        await CarryOut();
        Pass(TimeSpan.FromDays(1));
        Chain.Stakes.Complete(_member.Address).ShouldBeFalse("the suspension holds it back");
        await Slash.Uphold("it was");

        for (var step = 0; step < 12; step++)
        {
            Chain.LoseNextReply = step % 3 == 0;
            await Sweep(mayFail: true);
            await _host.Restart();
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
        Chain.Stakes.State(_member.Address).SuspendedUntil.ShouldNotBeNull();

        await Slash.Void("a mistake");
        await CarryOut();
        Chain.Stakes.State(_member.Address).SuspendedUntil.ShouldBeNull();
        Chain.Stakes.State(_member.Address).Stake.ShouldBe(Nanotons.FromTon(100));
    }

    [Fact]
    public async Task WithdrawalFasterThanTheSuspension_LeavesTheSlashWhatIsThere()
    {
        Chain.Stakes.Request(_member.Address, Nanotons.FromTon(90)).ShouldBeTrue();
        await Sweep();
        Chain.Time += (long)TimeSpan.FromDays(7).TotalSeconds;
        await Open();
        Chain.Stakes.Complete(_member.Address).ShouldBeTrue();
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
        Chain.Stakes.Slash(_member.Address, 7, Nanotons.FromTon(3)).ShouldBeTrue();
        await Sweep();
        (await Stake()).Balance.ShouldBe(Nanotons.FromTon(97));
        await BooksAgree();
    }

    private async Task Open()
    {
        var id = SlashRules.IdOf(_member.Address, SlashOffence.ForgedReceipt, "receipt");
        var slash = _host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{id}");
        (await slash.Open(new(_member.Address, SlashOffence.ForgedReceipt, "receipt"))).Accepted.ShouldBeTrue();
        await slash.Appeal("no");
        _slash = id;
    }

    private void Pass(TimeSpan span)
    {
        Chain.Time += (long)span.TotalSeconds;
        _host.Time.Advance(span);
    }

    private Task Sweep() => _host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();

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
        ((await Stake()).Balance + pending).ShouldBe(Chain.Stakes.State(_member.Address).Stake);
        (await Balance(AccountName.StakeAccounts)).ShouldBe(Chain.Stakes.State(_member.Address).Stake);
        (await _host.Get<ILedgerStore>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
    }

    private async Task<Nanotons> Balance(AccountName account) => (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, account)).Balance;

    private Task<AccountFigures> Stake() => _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Stake(_member.Address));
}
