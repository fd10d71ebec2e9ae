using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

public sealed class HeldPayoutTests : IAsyncLifetime
{
    private PayingPool _pool = null!;

    private PoolHost Host => _pool.Host;

    private IPayoutFreezes Freezes => Host.Get<IPayoutFreezes>();

    public async ValueTask InitializeAsync() => _pool = await PayingPool.Start();

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Settle_WithAFrozenParticipant_PaysTheOthersAndWithholdsOnlyTheirs()
    {
        var frozen = _pool.Members[0];
        await Freeze(frozen);
        await _pool.CloseEpoch();
        await _pool.Settle();

        await AssertOnlyTheOthersWerePaid(frozen);
        (await _pool.Claim(frozen)).ShouldBeFalse("it was not released");
        var held = await _pool.Held(frozen);
        (held.Reason, held.State).ShouldBe((HoldReason.PayoutsFrozen, HoldState.Withheld));
        await ReleaseAndClaim(frozen);
    }

    [Fact]
    public async Task Settle_WhenAParticipantIsFrozenAfterThePlan_MakesTheirBatchAnewWithoutThem()
    {
        await _pool.CloseEpoch();
        var frozen = _pool.Members[1];
        await Freeze(frozen);
        await _pool.Settle();

        await AssertOnlyTheOthersWerePaid(frozen);
        Host.Chain.SignedFor.ShouldNotContain("pay/1/0", "its list has the frozen one in it");
        await ReleaseAndClaim(frozen);
    }

    [Fact]
    public async Task Settle_WhenAParticipantIsFrozenWhileTheirBatchMayStillLand_DoesNotPutItsEntriesIntoAnother()
    {
        await _pool.CloseEpoch();
        Host.Chain.HoldDelivery = true;
        Host.Chain.FatesAreKnown = false;
        await _pool.Advance();
        Host.Chain.Deliver();
        await _pool.Advance();
        await _pool.Advance();
        Host.Chain.SignedFor.ShouldContain("pay/1/0");
        await Freeze(_pool.Members[0]);

        // The wallet took the batch, nobody knows where it is, and all deadlines pass: it is signed again, the same and no other.
        Host.Chain.Time += 200;
        await _pool.Advance();
        Host.Time.Advance(TimeSpan.FromSeconds(21));
        await _pool.Advance();
        Host.Chain.SignedFor.Count(s => s == "pay/1/0").ShouldBe(2);
        Host.Chain.HoldDelivery = false;
        Host.Chain.Deliver();
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Settle_WhenTheGatewayRefusesAnEntry_TakesItAsideAloneAndPaysTheOthers()
    {
        var refused = _pool.Members[2];
        Host.Chain.RefusedByGateway.Add(refused.Address);
        await _pool.CloseEpoch();
        await _pool.Settle();

        await AssertOnlyTheOthersWerePaid(refused);
        var held = await _pool.Held(refused);
        (held.Reason, held.State, held.Detail).ShouldBe((HoldReason.Unpayable, HoldState.Withheld, "this address is never paid"));
        (await Host.Settlement(1).Release(refused.Address)).Accepted.ShouldBeTrue();
        await ClaimOnceReleased(refused);
    }

    [Fact]
    public async Task Settle_WhenTheContractRefusesABatchForOneEntry_FindsItAndReleasesItForClaiming()
    {
        var refused = _pool.Members[1];
        Host.Chain.RefusedByContract.Add(refused.Address);
        await _pool.CloseEpoch();
        await _pool.Settle();

        await AssertOnlyTheOthersWerePaid(refused);
        var held = await _pool.Held(refused);
        (held.Reason, held.State).ShouldBe((HoldReason.RefusedByContract, HoldState.Claimable));
        await ClaimOnceReleased(refused);
    }

    [Fact]
    public async Task Claim_OfAParticipantWhoChoseIt_IsReservedOnChainAndBookedOnce()
    {
        var claimer = _pool.Members[0];
        (await claimer.Participant.ChangeSettings(new(null, PayoutSchedule.Claim))).Accepted.ShouldBeTrue();
        await _pool.CloseEpoch();
        (await _pool.Claim(claimer)).ShouldBeFalse("the epoch is not open on chain");
        await _pool.Settle();

        await AssertOnlyTheOthersWerePaid(claimer);
        Host.Chain.SignedFor.ShouldNotContain(s => s.StartsWith("release", StringComparison.Ordinal), "the opening says from which entry on is claimed");
        (await _pool.Held(claimer)).State.ShouldBe(HoldState.Claimable);
        await ClaimOnceReleased(claimer);
    }

    [Fact]
    public async Task Claim_OfAFrozenParticipantWhoChoseIt_WaitsForTheirReleaseWhileAnotherClaims()
    {
        var (frozen, claimer) = (_pool.Members[0], _pool.Members[1]);
        if (frozen.Address.CompareTo(claimer.Address) < 0)
            (frozen, claimer) = (claimer, frozen);
        foreach (var member in new[] { frozen, claimer })
            (await member.Participant.ChangeSettings(new(null, PayoutSchedule.Claim))).Accepted.ShouldBeTrue();
        await Freeze(frozen);
        await _pool.CloseEpoch();
        await _pool.Settle();

        (await _pool.Claim(frozen)).ShouldBeFalse();
        Host.Chain.SignedFor.ShouldContain("release/1/1", "the one before the frozen entry is released by name");
        (await _pool.Claim(claimer)).ShouldBeTrue();
        await Freezes.Lift(PoolHost.PoolId, frozen.Address, "test", Host.Time.GetUtcNow());
        await _pool.Remind();
        await _pool.Remind();
        (await _pool.Claim(frozen)).ShouldBeTrue();
        await _pool.Remind();
        await _pool.AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Close_OfTheNextEpoch_CountsNothingThatAnEarlierOneHolds()
    {
        var frozen = _pool.Members[0];
        await Freeze(frozen);
        await _pool.CloseEpoch();
        await _pool.Settle();
        await _pool.CloseEpoch();
        await _pool.Settle(2);

        (await _pool.Owed(frozen, 2)).ShouldBeLessThan(Nanotons.FromTon(20), "the share of one epoch");
        await Freezes.Lift(PoolHost.PoolId, frozen.Address, "test", Host.Time.GetUtcNow());
        foreach (var epoch in new[] { 1, 2 })
        {
            await _pool.Remind(epoch);
            (await _pool.Claim(frozen, epoch)).ShouldBeTrue();
            await _pool.Remind(epoch);
        }
        await _pool.AssertEverybodyPaidOnce(2);
    }

    [Fact]
    public async Task Release_WhileThePayoutsAreFrozen_IsRefused()
    {
        var frozen = _pool.Members[0];
        await Freeze(frozen);
        await _pool.CloseEpoch();
        (await Host.Settlement(1).Release(frozen.Address)).Refusal.ShouldBe("payouts_frozen");
        (await _pool.Held(frozen)).State.ShouldBe(HoldState.Withheld);
    }

    private async Task Freeze(Member member)
    {
        (await Freezes.Freeze(PoolHost.PoolId, new(member.Address, "a difference", "test", Host.Time.GetUtcNow()))).ShouldBeTrue();
        (await Freezes.Freeze(PoolHost.PoolId, new(member.Address, "again", "test", Host.Time.GetUtcNow()))).ShouldBeFalse("there is one");
    }

    private async Task AssertOnlyTheOthersWerePaid(Member held)
    {
        _pool.PaidTo(held).ShouldBeEmpty();
        foreach (var other in _pool.Members.Where(m => m != held))
            _pool.PaidTo(other).ShouldBe([await _pool.Owed(other)]);
        var owed = await _pool.Owed(held);
        (await Host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Rewards(held.Address))).ShouldBe(new(owed, owed), "reserved until it is claimed");
        await _pool.AssertBooksAreWhole();
    }

    private async Task ReleaseAndClaim(Member member)
    {
        (await Freezes.Lift(PoolHost.PoolId, member.Address, "test", Host.Time.GetUtcNow())).ShouldBeTrue();
        await ClaimOnceReleased(member);
    }

    /// <summary>Released, claimed once, noticed however often anybody looks and after a restart, and booked once.</summary>
    private async Task ClaimOnceReleased(Member member)
    {
        await _pool.Remind();
        await Host.Restart();
        await _pool.Remind();
        (await _pool.Held(member)).State.ShouldBe(HoldState.Claimable);
        (await _pool.Claim(member)).ShouldBeTrue();
        (await _pool.Claim(member)).ShouldBeFalse("the contract pays a claim once");
        await _pool.Remind();
        await _pool.Remind();
        (await _pool.Held(member)).State.ShouldBe(HoldState.Claimed);
        await _pool.AssertEverybodyPaidOnce();
        (await Host.Settlement(1).Describe()).Paid.ShouldBe(new(28_500_000_000));
    }
}
