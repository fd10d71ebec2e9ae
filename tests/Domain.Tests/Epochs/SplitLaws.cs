using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Epochs;

/// <summary>What holds for every split, tried on 100,000 generated ones for each law. A failure prints its seed and the smallest case.</summary>
public class SplitLaws
{
    [Fact]
    public void Shares_AddUpToTheAmountExactly_AndNobodyWithoutWeightIsPaid() => Hold(split =>
    {
        var shares = split.Shares();
        shares.Aggregate(BigInteger.Zero, (sum, share) => sum + share.Value).ShouldBe(split.Amount);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i].IsNegative.ShouldBeFalse();
            if (split.Weights[i].Weight.IsZero)
                shares[i].ShouldBe(Nanotons.Zero);
        }
    });

    [Fact]
    public void Shares_AreWithinOneNanotonOfTheirExactQuota() => Hold(split =>
    {
        var total = split.Total;
        foreach (var (share, (_, weight)) in split.Shares().Zip(split.Weights))
            BigInteger.Abs((share.Value * total) - (split.Amount * weight)).ShouldBeLessThan(total);
    });

    [Fact]
    public void Shares_DoNotDependOnTheOrderOfTheList() => Hold(split =>
    {
        var forward = split.Shares();
        var order = Enumerable.Range(0, split.Weights.Count).OrderBy(i => (i * 7919) % 31).Reverse().ToArray();
        var shuffled = Split.Shares(new(split.Amount), [.. order.Select(i => split.Weights[i])]);
        for (var place = 0; place < order.Length; place++)
            shuffled[place].ShouldBe(forward[order[place]]);
    });

    [Fact]
    public void Shares_FollowTheWeights_AndGrowWithOnesOwn() => Hold(split =>
    {
        var shares = split.Shares();
        for (var i = 1; i < shares.Length; i++)
        {
            if (split.Weights[i].Weight > split.Weights[i - 1].Weight)
                shares[i].Value.ShouldBeGreaterThanOrEqualTo(shares[i - 1].Value);
        }

        var grown = split.Weights.ToList();
        grown[0] = (grown[0].Address, (grown[0].Weight * 2) + 1);
        Split.Shares(new(split.Amount), grown)[0].Value.ShouldBeGreaterThanOrEqualTo(shares[0].Value);
    });

    [Fact]
    public void Shares_OfAnAccountSplitInTwo_StayWithinTheRoundingOfItsParts() => Hold(split =>
    {
        // Weights are additive, so only the roundings can differ: the two parts together by less than two nanoTON,
        // everybody else by less than two halves of it.
        var (address, weight) = split.Weights[0];
        var part = weight / 3;
        List<(TonAddress, BigInteger)> parted = [(address, part), .. split.Weights.Skip(1), (Samples.Address(1_000_000), weight - part)];
        var whole = split.Shares();
        var shares = Split.Shares(new(split.Amount), parted);

        Math.Abs(shares[0].Value + shares[^1].Value - whole[0].Value).ShouldBeLessThanOrEqualTo(2);
        for (var i = 1; i < whole.Length; i++)
            Math.Abs(shares[i].Value - whole[i].Value).ShouldBeLessThanOrEqualTo(1);
    });

    [Fact]
    public void Shares_DoNotChangeWhenAllWeightsAreScaled() => Hold(split =>
        Split.Shares(new(split.Amount), [.. split.Weights.Select(entry => (entry.Address, entry.Weight * 1_000_003))]).ShouldBe(split.Shares()));

    private static void Hold(Action<Case> law) =>
        Prop.ForAll(Arbitrary, law).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));

    private static Arbitrary<Case> Arbitrary { get; } = Generate().ToArbitrary();

    private static Gen<Case> Generate()
    {
        // Small numbers make ties and remainders, large ones leave 64 bits, zeros are participants who earned nothing.
        var small = Gen.Choose(0, 4).Select(value => (BigInteger)value);
        var medium = Gen.Choose(0, int.MaxValue).Select(value => (BigInteger)value);
        var large = Gen.Choose(1, int.MaxValue).Two().Select(pair => (BigInteger)pair.Item1 * pair.Item2 * BigInteger.Pow(10, 40));
        var weight = Gen.Frequency((4, small), (3, medium), (1, large));
        var amount = Gen.Frequency(
            (2, Gen.Choose(0, 30).Select(value => (long)value)),
            (2, Gen.Choose(0, int.MaxValue).Select(value => (long)value)),
            (1, Gen.Choose(1, int.MaxValue).Two().Select(pair => (long)pair.Item1 * pair.Item2)));
        return from value in amount
               from first in Gen.Choose(0, 9999)
               from count in Gen.Choose(1, 9)
               from weights in weight.ArrayOf(count)
               select new Case(value, first, [.. weights]);
    }

    /// <summary>Addresses are spread over a small ring from <paramref name="First"/>, so that they come in any order.</summary>
    private sealed record Case(long Amount, int First, ImmutableArray<BigInteger> Raw)
    {
        public IReadOnlyList<(TonAddress Address, BigInteger Weight)> Weights { get; } =
            [.. Raw.Select((weight, i) => (Samples.Address((First + (i * 3571)) % 10_007), Raw.All(one => one.IsZero) ? BigInteger.One : weight))];

        public BigInteger Total => Weights.Aggregate(BigInteger.Zero, (sum, entry) => sum + entry.Weight);

        public ImmutableArray<Nanotons> Shares() => Split.Shares(new(Amount), Weights);

        public override string ToString() => $"{Amount} among {string.Join(", ", Weights.Select(entry => entry.Weight))} from address {First}";
    }
}
