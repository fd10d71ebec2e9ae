using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Epochs;

public class StandingsTests
{
    [Fact]
    public void Uptime_BelowTheMinimum_AndSuspension_ExcludeByName()
    {
        var standings = Of(
            Samples.Entrant(1, uptime: 5000, expected: 10_000),
            Samples.Entrant(2, uptime: 4999, expected: 10_000),
            Samples.Entrant(3, uptime: 1, suspended: true),
            Samples.Entrant(4, uptime: 0, expected: 0));
        standings.Select(s => (s.UptimeBps, s.IneligibleBecause, s.Eligible)).ShouldBe(
            [(5000, null, true), (4999, "uptime_below_minimum", false), (10_000, "suspended", false), (10_000, null, true)]);
    }

    [Fact]
    public void Multiplier_FollowsTheTenureAtTheEndOfTheEpoch()
    {
        var standings = Of(Samples.Entrant(1, daysInPool: 29), Samples.Entrant(2, daysInPool: 30), Samples.Entrant(3, daysInPool: 90), Samples.Entrant(4, daysInPool: 91));
        standings.Select(s => s.MultiplierPpm).ShouldBe([800_000, 1_000_000, 1_000_000, 1_100_000]);
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    public void BestTenth_IsNeverMoreThanATenth(int participants, int best)
    {
        var standings = Of([.. Enumerable.Range(1, participants).Select(i => Samples.Entrant(i, 100, 1, 1, 1000 * i, daysInPool: 100))]);
        standings.Count(s => s.MultiplierPpm == 1_200_000).ShouldBe(best);
        standings.Reverse().Take(best).ShouldAllBe(s => s.MultiplierPpm == 1_200_000);
    }

    [Fact]
    public void BestTenth_OfEqualQuality_IsWhoDidMoreOfIt_ThenTheLowerAddress()
    {
        var equal = Enumerable.Range(1, 10).Select(i => Samples.Entrant(i, 100, 1, 1, 100_000_000, daysInPool: 100)).ToArray();
        Best(equal).ShouldBe(Samples.Address(1));
        equal[6] = Samples.Entrant(7, 101, 1, 1, 101_000_000, daysInPool: 100);
        Best(equal).ShouldBe(Samples.Address(7));
        Best([.. equal.Reverse()]).ShouldBe(Samples.Address(7));
    }

    [Fact]
    public void BestTenth_IsTakenFromThoseWhoTakePart_AndHadWork()
    {
        var ten = Enumerable.Range(1, 10).Select(i => Samples.Entrant(i, 100, 1, 1, 50_000_000, daysInPool: 100)).ToArray();
        Best([.. ten, Samples.Entrant(11, 100, 1, 1, 100_000_000, daysInPool: 100, suspended: true)]).ShouldBe(Samples.Address(1));
        Of([.. ten.Take(9), Samples.Entrant(11, uptime: 1, daysInPool: 100)]).ShouldAllBe(s => s.MultiplierPpm < 1_200_000);
    }

    [Fact]
    public void Concentration_IsThePartOfAllGpus_AndWarnsAboveTheLimit()
    {
        var standings = Of(Samples.Entrant(1, gpus: 3), Samples.Entrant(2, gpus: 4), Samples.Entrant(3, gpus: 3), Samples.Entrant(4, gpus: 0));
        standings.Select(s => (s.ConcentrationBps, s.OverConcentration)).ShouldBe([(3000, false), (4000, true), (3000, false), (0, false)]);
    }

    [Fact]
    public void Reputation_OfSomebodyOfWhomNothingWasExpected_StaysAsItWas()
    {
        var standings = Of(Samples.Entrant(1, reputation: 321), Samples.Entrant(2, uptime: 9, reputation: 321), Samples.Entrant(3, 5, 0, 1, 5_000_000, expected: 0, reputation: 500));
        standings.Select(s => s.ReputationAfter).ShouldBe([321, 389, 550]);
    }

    private static Domain.Participants.TonAddress Best(EpochEntrant[] entrants)
    {
        var standings = Of(entrants);
        return entrants.Zip(standings).Single(pair => pair.Second.MultiplierPpm == 1_200_000).First.Tally.Participant;
    }

    private static Standing[] Of(params EpochEntrant[] entrants) =>
        [.. Standings.Of(Samples.Close(Nanotons.FromTon(1), [.. entrants]) with { Parameters = PoolParameters.Default })];
}
