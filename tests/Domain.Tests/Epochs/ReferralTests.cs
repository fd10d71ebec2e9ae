using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Tests.Verification;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Epochs;

public class ReferralTests
{
    [Theory]
    [InlineData(7, 200, 100)]
    [InlineData(36, 200, 100)]
    [InlineData(37, 200, 0)]
    [InlineData(96, 200, 0)]
    [InlineData(97, 0, 0)]
    public void Bonus_LastsThreeMonthsForTheReferrer_AndOneForTheReferee(int daysInPool, int referrerBps, int refereeBps)
    {
        // The epoch begins 7 days before its end: somebody who is there for 37 days at the end was there for 30 at its beginning.
        var result = Finalize(Samples.Entrant(1, gpus: 1), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: daysInPool, referrer: 1));
        var share = result.Participants[1].Share;
        result.Participants[0].ReferralBonus.ShouldBe(share.BasisPointsFloor(referrerBps));
        result.Participants[1].ReferralBonus.ShouldBe(share.BasisPointsFloor(refereeBps));
        (result.Fee + result.ReferralBonuses).ShouldBe(new Nanotons(50_000));
        result.ReferralBonuses.ShouldBe(share.BasisPointsFloor(referrerBps) + share.BasisPointsFloor(refereeBps));
    }

    [Theory]
    [InlineData(9000, false)]
    [InlineData(9001, true)]
    public void Bonus_NeedsTheRefereesUptimeAbove90Percent(int uptime, bool isPaid) =>
        Finalize(Samples.Entrant(1), Samples.Entrant(2, 1, uptime, 1, 1, expected: 10_000, daysInPool: 7, referrer: 1)).ReferralBonuses.IsPositive.ShouldBe(isPaid);

    [Fact]
    public void Bonus_OfASuspendedReferrer_StaysWithTheOperator_AndTheRefereeKeepsTheirs()
    {
        var result = Finalize(Samples.Entrant(1, suspended: true), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 1));
        result.Participants[0].ReferralBonus.ShouldBe(Nanotons.Zero);
        result.Participants[1].ReferralBonus.ShouldBe(new Nanotons(9500));
    }

    [Fact]
    public void Bonus_ForAReferrerWhoIsNoEntrant_IsNotPaid() =>
        Finalize(Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 99)).ReferralBonuses.ShouldBe(new Nanotons(9500));

    [Fact]
    public void Bonuses_AboveTheFee_ShareTheFeeInProportion()
    {
        // 1 % fee of 1,000,000 is 10,000; due are 2 % and 1 % of 990,000.
        var close = Samples.Close(new(1_000_000), Samples.Entrant(1), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 1));
        var result = EpochFinalization.Finalize(close with { Parameters = PoolParameters.Default with { FeeBps = 100 } });
        result.Participants.Select(p => p.ReferralBonus.Value).ShouldBe([6667, 3333]);
        result.Fee.ShouldBe(Nanotons.Zero);
        result.Participants[1].Share.ShouldBe(new Nanotons(990_000));
    }

    [Fact]
    public void Bonuses_ThatAreJustTheFee_ArePaidInFull()
    {
        // A fee of 3 of 103 leaves a share of 100, of which 2 and 1 are due.
        var close = Samples.Close(new(103), Samples.Entrant(1), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 1));
        var result = EpochFinalization.Finalize(close with { Parameters = PoolParameters.Default with { FeeBps = 292 } });
        result.Participants.Select(p => p.ReferralBonus.Value).ShouldBe([2, 1]);
        result.Fee.ShouldBe(Nanotons.Zero);
    }

    [Fact]
    public void Bonus_IsPayable_WithTheShare()
    {
        var result = Finalize(Samples.Entrant(1), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 1));
        result.Payables.Select(p => p.Amount.Value).ShouldBe([19_000, 950_000 + 9500]);
        EpochTransfers.For(Samples.Close(new(1_000_000)), result).Where(line => line.Kind == TransferKind.ReferralBonus).Select(line => line.Id)
            .ShouldBe([$"epoch/7/referral/{Samples.Address(1)}", $"epoch/7/referral/{Samples.Address(2)}"]);
    }

    [Fact]
    public void Bonuses_NeverExceedTheFee_AndNeverTouchAShare() =>
        Prop.ForAll(GeneratedEpochs.Arbitrary, close =>
        {
            var result = EpochFinalization.Finalize(close);
            var without = EpochFinalization.Finalize(close with { Entrants = [.. close.Entrants.Select(e => e with { Referrer = null })] });

            result.Fee.IsNegative.ShouldBeFalse();
            (result.Fee + result.ReferralBonuses).ShouldBe(without.Fee);
            Nanotons.Sum(result.Participants.Select(p => p.ReferralBonus)).ShouldBe(result.ReferralBonuses);
            for (var i = 0; i < result.Participants.Length; i++)
            {
                var (with, plain) = (result.Participants[i], without.Participants[i]);
                (with.Share == plain.Share && with.Weight == plain.Weight && !with.ReferralBonus.IsNegative && plain.ReferralBonus == Nanotons.Zero).ShouldBeTrue();
                var due = close.Entrants.Count(e => e.Referrer == with.Entrant.Tally.Participant) + (with.Entrant.Referrer is null ? 0 : 1);
                if (due == 0)
                    with.ReferralBonus.ShouldBe(Nanotons.Zero);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));

    [Theory]
    [InlineData(1, 1, true, 0, "referral_of_oneself")]
    [InlineData(1, 2, false, 0, "referrer_unknown")]
    [InlineData(1, 2, true, 10, "referrer_has_enough_referees")]
    [InlineData(1, 2, true, 9, null)]
    public void Referrer_IsSomebodyElseInThePoolWithFewerThanTen(long referee, long referrer, bool isParticipant, int referees, string? refusal) =>
        Referral.RefusalOf(Samples.Address(referee), Samples.Address(referrer), isParticipant, referees).ShouldBe(refusal);

    private static EpochResult Finalize(params EpochEntrant[] entrants) => EpochFinalization.Finalize(Samples.Close(new(1_000_000), entrants.ToImmutableArray()));
}
