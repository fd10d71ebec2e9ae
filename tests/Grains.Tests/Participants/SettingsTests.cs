using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Verifier;

namespace CocoonPool.Grains.Tests.Participants;

/// <summary>Payout settings and referrals, and what an epoch makes of them.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private static readonly TonAddress Elsewhere = new(0, Enumerable.Repeat((byte)0xee, 32).ToArray());

    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task PayoutAddress_TakesEffectAfter48Hours_AndTheParticipantIsTold()
    {
        using var member = await Member.Join(_host, 1);
        var changed = (await member.Participant.ChangeSettings(new(null, null, Elsewhere))).Value!;

        var due = _host.Time.GetUtcNow() + PayoutDestination.Delay;
        changed.Destination.At(due - TimeSpan.FromTicks(1)).ShouldBe(member.Address);
        changed.Destination.At(due).ShouldBe(Elsewhere);
        (await _host.Get<IPoolEvents>().List(PoolHost.PoolId, member.Address, 10)).ShouldContain(e => e.Type == "payout_address_changed" && e.Data.Contains(Elsewhere.ToString()));
        (await member.Participant.ChangeSettings(new(null, null, Elsewhere))).Value!.NextPayoutFrom.ShouldBe(changed.NextPayoutFrom, "setting it again does not start anew");
    }

    [Fact]
    public async Task Settings_OutsideTheirBounds_AreRefused_AndTheOthersKept()
    {
        using var member = await Member.Join(_host, 1);
        (await member.Participant.ChangeSettings(new(new Nanotons(49_999_999)))).Refusal.ShouldBe("invalid_request");
        var changed = (await member.Participant.ChangeSettings(new(new Nanotons(50_000_001), PayoutSchedule.Claim))).Value!;
        (changed.MinPayout, changed.Schedule).ShouldBe((new(50_000_001), PayoutSchedule.Claim));
        (await member.Participant.ChangeSettings(new(null))).Value!.Schedule.ShouldBe(PayoutSchedule.Claim);
    }

    [Fact]
    public async Task Claim_SendsTheEpochInWhichItWasMade_AndTheOthersAreReservedOnChain()
    {
        using var member = await Member.Join(_host, 1);
        await member.Participant.ChangeSettings(new(null, PayoutSchedule.Claim));
        await Earn(member, "a");
        await Close();
        (await Payables(1)).Single().ToClaim.ShouldBeTrue();

        await Earn(member, "b", 10);
        await member.Participant.Claim();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await Close();
        var sent = (await Payables(2)).Single();
        (sent.ToClaim, sent.Amount).ShouldBe((false, new(9_500_000_000)), "what the first epoch reserves is not counted again");

        await Earn(member, "c", 20);
        await Close();
        (await Payables(3)).Single().ToClaim.ShouldBeTrue();
    }

    [Fact]
    public async Task Claim_WhileTheEpochOfAnEarlierOneIsBeingClosed_IsRefused_SoThatNoneIsForgotten()
    {
        using var member = await Member.Join(_host, 1);
        await member.Participant.ChangeSettings(new(null, PayoutSchedule.Claim));
        await Earn(member, "a");
        await member.Participant.Claim();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Get<IEpochStore>().BeginClosing(PoolHost.PoolId, new(1), _host.Time.GetUtcNow());

        (await member.Participant.Claim()).Refusal.ShouldBe("claim_waits");
        await _host.Pool.FollowCalendar();

        (await Payables(1)).Single().ToClaim.ShouldBeFalse("it was claimed before the epoch ended");
        (await member.Participant.Claim()).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Referral_IsPaidOutOfTheOperatorsFee_AndTheBundleProvesIt()
    {
        using var referrer = await Member.Join(_host, 1);
        using var referee = new Member(_host, 2);
        (await referee.Participant.Register(referrer.Address)).Value!.Referrer.ShouldBe(referrer.Address);
        using var joined = await Member.Join(_host, 2);
        await Earn(joined, "a");

        var estimate = (await _host.Grains.GetGrain<IEpochGrain>($"{PoolHost.PoolId}/1").Estimate(referrer.Address))!;
        await Close();

        var shares = _host.Get<IEpochStore>();
        var own = (await shares.Shares(PoolHost.PoolId, joined.Address)).Single();
        var brought = (await shares.Shares(PoolHost.PoolId, referrer.Address)).Single();
        own.ReferralBonus.ShouldBe(own.Share.BasisPointsFloor(100));
        brought.ReferralBonus.ShouldBe(own.Share.BasisPointsFloor(200));
        estimate.ReferralBonus.ShouldBe(brought.ReferralBonus);
        var ledger = _host.Get<ILedgerStore>();
        (await ledger.Account(PoolHost.PoolId, AccountName.OperatorFees)).Balance.ShouldBe(new Nanotons(500_000_000) - own.ReferralBonus - brought.ReferralBonus);
        (await ledger.Account(PoolHost.PoolId, AccountName.Revenue(new(1)))).Balance.ShouldBe(Nanotons.Zero);
        var report = EpochVerifier.Verify((await shares.Bundle(PoolHost.PoolId, new(1)))!.Json);
        report.Differences.ShouldBeEmpty();
        report.ReferralBonusesNano.ShouldBe((own.ReferralBonus + brought.ReferralBonus).Value);
        (await referrer.Participant.Describe())!.Reputation.ShouldNotBe(500, "the epoch moved it");
    }

    [Fact]
    public async Task Referrer_MustBeSomebodyElse_AParticipant_AndNotHaveTenAlready()
    {
        using var referrer = await Member.Join(_host, 1);
        (await Of(2).Register(Elsewhere)).Refusal.ShouldBe("referrer_unknown");
        (await Of(2).Register(Number(2))).Refusal.ShouldBe("referral_of_oneself");
        for (byte i = 2; i < 12; i++)
            (await Of(i).Register(referrer.Address)).Accepted.ShouldBeTrue();
        (await Of(12).Register(referrer.Address)).Refusal.ShouldBe("referrer_has_enough_referees");
        (await Of(11).Register(referrer.Address)).Accepted.ShouldBeTrue("a repeat is no new referee");
    }

    private static TonAddress Number(byte number) => new(0, Enumerable.Repeat(number, 32).ToArray());

    private IParticipantGrain Of(byte number) => _host.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolHost.PoolId, Number(number)));

    private async Task Earn(Member member, string task, long firstSequence = 1)
    {
        await member.Contribute($"task-{task}", 10);
        await member.StayOnline(2, firstSequence);
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(10), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
    }

    private async Task Close() => (await _host.Pool.FinalizeEpoch(new(true, false))).Message.ShouldBe("done");

    private Task<IReadOnlyList<Payable>> Payables(int epoch) => _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(epoch));
}
