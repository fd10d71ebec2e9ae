using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Epochs;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Epochs;

public class ScoreTests
{
    private static readonly ScoreWeights Weights = new(5000, 2000, 2000, 1000);

    [Fact]
    public void Weights_AreTheNumeratorsOverTheProductOfTheSums()
    {
        // Sums 4, 10, 2, 8; product 640. First: 10^6 × (5000·1·160 + 2000·5·64 + 2000·1·320 + 1000·2·80).
        Score.Weights([Entry(1, 1, 5, 1, 2), Entry(2, 3, 5, 1, 6)], Weights)
            .ShouldBe([1_000_000 * (BigInteger)2_240_000, 1_000_000 * (BigInteger)4_160_000]);
    }

    [Fact]
    public void Weights_OfTheEligible_DoNotDependOnWhoIsNot()
    {
        ScoreEntry[] eligible = [Entry(1, 5, 1, 2, 3), Entry(2, 1, 7, 3, 1)];
        var weights = Score.Weights([.. eligible, Entry(3, 1000, 0, 50, 7) with { Eligible = false }], Weights);
        weights.Take(2).ShouldBe(Score.Weights(eligible, Weights));
        weights[2].ShouldBe(BigInteger.Zero);
    }

    [Fact]
    public void Dimension_WithZeroSum_IsLeftOutAndItsWeightSpreadInProportion()
    {
        // Without tokens and quality, uptime and tasks (2000 and 2000) decide in halves: 1/2·3/4 + 1/2·1/2 = 5/8.
        var weights = Score.Weights([Entry(1, uptime: 3, tasks: 1), Entry(2, uptime: 1, tasks: 1)], Weights);
        (weights[0] * 3).ShouldBe(weights[1] * 5);
    }

    [Fact]
    public void Weights_WhenNobodyDidAnything_AreZero() =>
        Score.Weights([Entry(1), Entry(2)], Weights).ShouldAllBe(weight => weight.IsZero);

    [Fact]
    public void Weights_OfNobody_AreNone() => Score.Weights([], Weights).ShouldBeEmpty();

    [Fact]
    public void Weights_AreAdditive_SoThatSplittingAnAccountChangesNothing() => Hold(tallies =>
    {
        var whole = Score.Weights(Entries(tallies), Weights);
        var (tokens, uptime, tasks, quality) = tallies[0];
        ScoreEntry[] parted =
        [
            Entry(1, tokens / 3, uptime / 2, tasks / 5, quality / 7),
            .. Entries(tallies).Skip(1),
            Entry(999, tokens - (tokens / 3), uptime - (uptime / 2), tasks - (tasks / 5), quality - (quality / 7)),
        ];
        var parts = Score.Weights(parted, Weights);

        (parts[0] + parts[^1]).ShouldBe(whole[0]);
        parts.Skip(1).SkipLast(1).ShouldBe(whole.Skip(1));
    });

    [Fact]
    public void Weights_AreHomogeneous_SoThatUnitsDoNotMatter() => Hold(tallies =>
    {
        // Counting uptime in other units for everybody leaves all proportions as they were.
        var before = Score.Weights(Entries(tallies), Weights);
        var after = Score.Weights(Entries([.. tallies.Select(t => (t.Tokens, t.Uptime * 1000, t.Tasks, t.Quality))]), Weights);
        for (var i = 1; i < before.Length; i++)
            (before[i] * after[0]).ShouldBe(after[i] * before[0]);
    });

    [Fact]
    public void Weights_GrowWithTheMultiplierExactly() => Hold(tallies =>
    {
        var entries = Entries(tallies);
        var plain = Score.Weights(entries, Weights);
        var raised = Score.Weights([entries[0] with { MultiplierPpm = 1_200_000 }, .. entries.Skip(1)], Weights);
        (raised[0] * 5).ShouldBe(plain[0] * 6);
        raised.Skip(1).ShouldBe(plain.Skip(1));
    });

    private static ScoreEntry Entry(long address, BigInteger? tokens = null, BigInteger? uptime = null, BigInteger? tasks = null, BigInteger? quality = null) =>
        new(Samples.Entrant(address, tokens, uptime, tasks, quality).Tally, 1_000_000, Eligible: true);

    private static ScoreEntry[] Entries(ImmutableArray<(BigInteger Tokens, BigInteger Uptime, BigInteger Tasks, BigInteger Quality)> tallies) =>
        [.. tallies.Select((t, i) => Entry(i + 1, t.Tokens, t.Uptime, t.Tasks, t.Quality))];

    private static void Hold(Action<ImmutableArray<(BigInteger Tokens, BigInteger Uptime, BigInteger Tasks, BigInteger Quality)>> law)
    {
        var number = Gen.Frequency((1, Gen.Constant(BigInteger.Zero)), (2, Gen.Choose(0, 9).Select(n => (BigInteger)n)), (2, Gen.Choose(0, int.MaxValue).Select(n => (BigInteger)n * n)));
        var tally = from tokens in number from uptime in number from tasks in number from quality in number select (tokens, uptime, tasks, quality);
        var tallies = from count in Gen.Choose(1, 6) from list in tally.ArrayOf(count) select list.ToImmutableArray();
        Prop.ForAll(tallies.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));
    }
}
