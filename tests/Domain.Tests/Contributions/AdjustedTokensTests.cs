using CocoonPool.Domain.Contributions;

namespace CocoonPool.Domain.Tests.Contributions;

public class AdjustedTokensTests
{
    private static readonly TokenMultipliers Defaults = new();

    [Theory]
    [InlineData(100, 0, 0, 0, 1000, 100)]
    [InlineData(0, 0, 100, 0, 1000, 800)]
    [InlineData(100, 100, 0, 0, 1000, 10)]
    [InlineData(100, 40, 50, 20, 1000, 60 + 4 + 240 + 160)]
    [InlineData(100, 0, 0, 0, 1500, 150)]
    [InlineData(100, 0, 100, 0, 0, 0)]
    [InlineData(9, 9, 0, 0, 1000, 0)]
    [InlineData(19, 19, 0, 0, 1000, 1)]
    [InlineData(1, 0, 0, 0, 999, 0)]
    public void AdjustedTokens_FollowCocoonsRule(long prompt, long cached, long completion, long reasoning, int coefficient, long expected) =>
        AdjustedTokens.Of(new(prompt, cached, completion, reasoning), Defaults, coefficient).ShouldBe(expected);

    [Fact]
    public void AdjustedTokens_TruncateEachClassOnItsOwn()
    {
        // 9 cached tokens and 1 prompt token at 0.95: 0.855 and 0.95 would make 1 together, but each is cut to 0.
        AdjustedTokens.Of(new(10, 9, 0, 0), Defaults, 950).ShouldBe(0);
    }

    [Fact]
    public void AdjustedTokens_TruncateOnceAndNotAfterEachFactor()
    {
        // 15 × 1000 ÷ 10000 would be cut to 1 before the coefficient doubles it; the exact product is 3.
        AdjustedTokens.Of(new(15, 15, 0, 0), Defaults, 2000).ShouldBe(3);
    }

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(1, 2, 0, 0)]
    [InlineData(1, -1, 0, 0)]
    [InlineData(0, 0, 1, 2)]
    [InlineData(0, 0, 1, -1)]
    [InlineData(0, 0, -1, 0)]
    public void TokenCounts_ThatContradictThemselves_AreInvalidAndNeverAdjusted(long prompt, long cached, long completion, long reasoning)
    {
        var counts = new TokenCounts(prompt, cached, completion, reasoning);
        counts.IsValid.ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => AdjustedTokens.Of(counts, Defaults, 1000));
    }

    [Fact]
    public void AdjustedTokens_WithANegativeCoefficient_AreABug() =>
        Should.Throw<ArgumentOutOfRangeException>(() => AdjustedTokens.Of(new(1, 0, 0, 0), Defaults, -1));

    [Fact]
    public void AdjustedTokens_WithANegativeMultiplier_AreABug() =>
        Should.Throw<ArgumentOutOfRangeException>(() => AdjustedTokens.Of(new(1, 0, 0, 0), new(Prompt: -1), 1000));

    [Fact]
    public void AdjustedTokens_ThatExceed64Bits_ThrowRatherThanWrap() =>
        Should.Throw<OverflowException>(() => AdjustedTokens.Of(new(long.MaxValue, 0, long.MaxValue, 0), Defaults, int.MaxValue));
}
