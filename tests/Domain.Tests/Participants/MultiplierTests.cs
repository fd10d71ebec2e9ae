using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class MultiplierTests
{
    [Theory]
    [InlineData(0, 10_000, true, 800_000)]
    [InlineData(29, 10_000, true, 800_000)]
    [InlineData(30, 0, false, 1_000_000)]
    [InlineData(90, 10_000, true, 1_000_000)]
    [InlineData(91, 9499, false, 1_000_000)]
    [InlineData(91, 9500, false, 1_100_000)]
    [InlineData(91, 9899, true, 1_100_000)]
    [InlineData(91, 9900, true, 1_200_000)]
    [InlineData(91, 10_000, false, 1_100_000)]
    [InlineData(5000, 9000, true, 1_000_000)]
    public void Multiplier_FollowsTenureUptimeAndQuality(int days, int uptimeBps, bool topDecile, int expectedPpm) =>
        Multiplier.Ppm(TimeSpan.FromDays(days), uptimeBps, topDecile).ShouldBe(expectedPpm);

    [Fact]
    public void Multiplier_OneTickBeforeThirtyDays_IsStillTheLowest() =>
        Multiplier.Ppm(TimeSpan.FromDays(30) - TimeSpan.FromTicks(1), 10_000, true).ShouldBe(800_000);

    [Fact]
    public void Multiplier_OneTickAfterNinetyDays_MayAlreadyBeTheHighest() =>
        Multiplier.Ppm(TimeSpan.FromDays(90) + TimeSpan.FromTicks(1), 9900, true).ShouldBe(1_200_000);

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Multiplier_OfAnImpossibleUptime_IsABug(int uptimeBps) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Multiplier.Ppm(TimeSpan.Zero, uptimeBps, false));
}
