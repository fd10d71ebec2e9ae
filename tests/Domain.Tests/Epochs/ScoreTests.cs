using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Pool;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Epochs;

public class ScoreTests
{
    private static readonly PoolParameters Parameters = PoolParameters.Default;

    [Fact]
    public void Weights_AreTheNumeratorsOverTheProductOfTheSums()
    {
        // Sums 4, 10, 2, 8; product 640. First: 10^6 × (5000·1·160 + 2000·5·64 + 2000·1·320 + 1000·2·80).
        Score.Weights([Samples.Entrant(1, 1, 5, 1, 2), Samples.Entrant(2, 3, 5, 1, 6)], Parameters)
            .ShouldBe([1_000_000 * (BigInteger)2_240_000, 1_000_000 * (BigInteger)4_160_000]);
    }

    [Fact]
    public void Weight_OfOneWhoIsSuspendedOrSeldomOnline_IsZero()
    {
        var weights = Score.Weights(
            [Samples.Entrant(1, 1, 1, 1, 1), Samples.Entrant(2, 9, 9, 9, 9, suspended: true), Samples.Entrant(3, 9, 9, 9, 9, uptimeBps: 4999), Samples.Entrant(4, 1, 1, 1, 1, uptimeBps: 5000)],
            Parameters);
        weights[1].ShouldBe(BigInteger.Zero);
        weights[2].ShouldBe(BigInteger.Zero);
        weights[0].ShouldBe(weights[3]);
        weights[0].ShouldBeGreaterThan(BigInteger.Zero);
    }

    [Fact]
    public void Weights_OfTheEligible_DoNotDependOnWhoIsNot()
    {
        EpochEntrant[] eligible = [Samples.Entrant(1, 5, 1, 2, 3), Samples.Entrant(2, 1, 7, 3, 1)];
        Score.Weights([.. eligible, Samples.Entrant(3, 1000, 0, 50, 7, suspended: true)], Parameters).Take(2)
            .ShouldBe(Score.Weights(eligible, Parameters));
    }

    [Fact]
    public void Dimension_WithZeroSum_IsLeftOutAndItsWeightSpreadInProportion()
    {
        // Without tokens and quality, uptime and tasks (2000 and 2000) decide in halves: 1/2·3/4 + 1/2·1/2 = 5/8.
        var weights = Score.Weights([Samples.Entrant(1, uptime: 3, tasks: 1), Samples.Entrant(2, uptime: 1, tasks: 1)], Parameters);
        (weights[0] * 3).ShouldBe(weights[1] * 5);
    }

    [Fact]
    public void Weights_WhenNobodyDidAnything_AreZero() =>
        Score.Weights([Samples.Entrant(1), Samples.Entrant(2)], Parameters).ShouldAllBe(weight => weight.IsZero);

    [Fact]
    public void Weights_OfNobody_AreNone() => Score.Weights([], Parameters).ShouldBeEmpty();

    [Fact]
    public void Weights_AreAdditive_SoThatSplittingAnAccountChangesNothing() => Hold(tallies =>
    {
        var whole = Score.Weights(Entrants(tallies), Parameters);
        var (tokens, uptime, tasks, quality) = tallies[0];
        EpochEntrant[] parted =
        [
            Samples.Entrant(1, tokens / 3, uptime / 2, tasks / 5, quality / 7),
            .. Entrants(tallies).Skip(1),
            Samples.Entrant(999, tokens - (tokens / 3), uptime - (uptime / 2), tasks - (tasks / 5), quality - (quality / 7)),
        ];
        var parts = Score.Weights(parted, Parameters);

        (parts[0] + parts[^1]).ShouldBe(whole[0]);
        parts.Skip(1).SkipLast(1).ShouldBe(whole.Skip(1));
    });

    [Fact]
    public void Weights_AreHomogeneous_SoThatUnitsDoNotMatter() => Hold(tallies =>
    {
        // Counting uptime in other units for everybody leaves all proportions as they were.
        var before = Score.Weights(Entrants(tallies), Parameters);
        var after = Score.Weights(Entrants([.. tallies.Select(t => (t.Tokens, t.Uptime * 1000, t.Tasks, t.Quality))]), Parameters);
        for (var i = 1; i < before.Length; i++)
            (before[i] * after[0]).ShouldBe(after[i] * before[0]);
    });

    [Fact]
    public void Weights_GrowWithTheMultiplierExactly() => Hold(tallies =>
    {
        var entrants = Entrants(tallies);
        var plain = Score.Weights(entrants, Parameters);
        var raised = Score.Weights([entrants[0] with { MultiplierPpm = 1_200_000 }, .. entrants.Skip(1)], Parameters);
        (raised[0] * 5).ShouldBe(plain[0] * 6);
        raised.Skip(1).ShouldBe(plain.Skip(1));
    });

    private static EpochEntrant[] Entrants(ImmutableArray<(BigInteger Tokens, BigInteger Uptime, BigInteger Tasks, BigInteger Quality)> tallies) =>
        [.. tallies.Select((t, i) => Samples.Entrant(i + 1, t.Tokens, t.Uptime, t.Tasks, t.Quality))];

    private static void Hold(Action<ImmutableArray<(BigInteger Tokens, BigInteger Uptime, BigInteger Tasks, BigInteger Quality)>> law)
    {
        var number = Gen.Frequency((1, Gen.Constant(BigInteger.Zero)), (2, Gen.Choose(0, 9).Select(n => (BigInteger)n)), (2, Gen.Choose(0, int.MaxValue).Select(n => (BigInteger)n * n)));
        var tally = from tokens in number from uptime in number from tasks in number from quality in number select (tokens, uptime, tasks, quality);
        var tallies = from count in Gen.Choose(1, 6) from list in tally.ArrayOf(count) select list.ToImmutableArray();
        Prop.ForAll(tallies.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }
}
