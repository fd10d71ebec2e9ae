using System.Numerics;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class SplitTests
{
    [Fact]
    public void Shares_WhenWeightsTie_GiveTheRemainderToTheLowerAddress() => Shares(100, (3, 1), (1, 1), (2, 1)).ShouldBe([33, 34, 33]);

    [Fact]
    public void Shares_GiveTheRemainderToTheLargestFraction() => Shares(10, (1, 1), (2, 2), (3, 4)).ShouldBe([1, 3, 6]);

    [Fact]
    public void Shares_OfNothing_AreNothing() => Shares(0, (1, 5), (2, 0)).ShouldBe([0, 0]);

    [Fact]
    public void Shares_OfNothingAmongNobody_AreNone() => Shares(0).ShouldBeEmpty();

    [Fact]
    public void Shares_OfOneNanoton_GoToTheLargestWeight() => Shares(1, (1, 1), (2, 3), (3, 2)).ShouldBe([0, 1, 0]);

    [Fact]
    public void Shares_WithWeightsFarBeyond64Bits_AreExact()
    {
        var huge = BigInteger.Pow(10, 60);
        Split.Shares(new(long.MaxValue), [(Samples.Address(1), huge), (Samples.Address(2), huge + 1)])
            .ShouldBe([new(4_611_686_018_427_387_903), new(4_611_686_018_427_387_904)]);
    }

    [Fact]
    public void Shares_WithoutAnyWeight_AreABugWhileThereIsMoney() =>
        Should.Throw<ArgumentException>(() => Shares(1, (1, 0))).Message.ShouldContain("carried over");

    [Fact]
    public void Shares_OfANegativeAmount_AreABug() => Should.Throw<ArgumentException>(() => Shares(-1, (1, 1))).Message.ShouldContain("negative amount");

    [Fact]
    public void Shares_WithANegativeWeight_AreABug() => Should.Throw<ArgumentException>(() => Shares(1, (1, -1))).Message.ShouldContain("is negative");

    [Fact]
    public void Shares_WithAnAddressTwice_AreABug() => Should.Throw<ArgumentException>(() => Shares(1, (1, 1), (1, 1))).Message.ShouldContain("twice");

    private static long[] Shares(long amount, params (long Address, long Weight)[] weights) =>
        [.. Split.Shares(new(amount), [.. weights.Select(entry => (Samples.Address(entry.Address), (BigInteger)entry.Weight))]).Select(share => share.Value)];
}
