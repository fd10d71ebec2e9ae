using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Tests.Ledger;

public class NanotonsTests
{
    [Fact]
    public void Arithmetic_ThatOverflows_ThrowsRatherThanWraps()
    {
        Should.Throw<OverflowException>(() => new Nanotons(long.MaxValue) + new Nanotons(1));
        Should.Throw<OverflowException>(() => new Nanotons(long.MinValue) - new Nanotons(1));
        Should.Throw<OverflowException>(() => -new Nanotons(long.MinValue));
        Should.Throw<OverflowException>(() => Nanotons.FromTon(long.MaxValue));
        Should.Throw<OverflowException>(() => Nanotons.Sum([new(long.MaxValue), new(1)]));
        Should.Throw<OverflowException>(() => new Nanotons(long.MaxValue).MultiplyFloor(2, 1));
    }

    [Fact]
    public void MultiplyFloor_RoundsDownWithoutIntermediateOverflow()
    {
        new Nanotons(long.MaxValue).MultiplyFloor(long.MaxValue, long.MaxValue).ShouldBe(new Nanotons(long.MaxValue));
        new Nanotons(19_999).BasisPointsFloor(500).ShouldBe(new Nanotons(999));
        Should.Throw<ArgumentOutOfRangeException>(() => new Nanotons(-1).MultiplyFloor(1, 1));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.000000001")]
    [InlineData(-1, "-0.000000001")]
    [InlineData(1_500_000_000, "1.5")]
    [InlineData(-3_000_000_000, "-3")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void TonString_IsExact(long nano, string ton) => new Nanotons(nano).ToTonString().ShouldBe(ton);

    [Theory]
    [InlineData("12.345", 12_345_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("-1", -1_000_000_000)]
    public void Ton_IsReadExactly(string text, long nano)
    {
        Nanotons.TryParseTon(text, out var amount).ShouldBeTrue();
        amount.Value.ShouldBe(nano);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("0.0000000001")]
    [InlineData("9000000001")]
    public void Ton_InAnotherFormOrRange_IsRefused(string? text) => Nanotons.TryParseTon(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("007")]
    [InlineData("+7")]
    [InlineData("-0")]
    [InlineData(" 7")]
    [InlineData("9223372036854775808")]
    public void Nano_InAnyFormButTheCanonical_IsRefused(string text) => Nanotons.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Nano_ReadsBackWhatItWrote()
    {
        foreach (var value in (long[])[0, 1, -1, long.MaxValue, long.MinValue])
        {
            Nanotons.TryParse(new Nanotons(value).ToString(), out var read).ShouldBeTrue();
            read.Value.ShouldBe(value);
        }
    }

    [Fact]
    public void Amounts_Compare()
    {
        (new Nanotons(1) < new Nanotons(2) && new Nanotons(2) >= new Nanotons(2) && new Nanotons(3) > new Nanotons(2) && new Nanotons(2) <= new Nanotons(3)).ShouldBeTrue();
        Nanotons.Min(new(1), new(2)).ShouldBe(new Nanotons(1));
        Nanotons.Max(new(1), new(2)).ShouldBe(new Nanotons(2));
        new Nanotons(-1).IsNegative.ShouldBeTrue();
        Nanotons.Zero.IsPositive.ShouldBeFalse();
    }
}
