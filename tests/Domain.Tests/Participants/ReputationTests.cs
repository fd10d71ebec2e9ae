using CocoonPool.Domain.Participants;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Participants;

public class ReputationTests
{
    [Theory]
    [InlineData(500, 10_000, 1_000_000, 550)]
    [InlineData(500, 0, 0, 450)]
    [InlineData(500, 5000, 500_000, 500)]
    [InlineData(500, 10_000, null, 550)]
    [InlineData(500, null, 1_000_000, 550)]
    [InlineData(500, null, null, 500)]
    [InlineData(500, 10_000, 0, 500)]
    [InlineData(500, 5011, 500_000, 500)]
    [InlineData(500, 5020, 500_000, 501)]
    [InlineData(500, 4980, 500_000, 499)]
    [InlineData(999, 10_000, 1_000_000, 1000)]
    [InlineData(1000, 10_000, 1_000_000, 1000)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    public void Epoch_MovesItATenthOfTheWayToTheMeasure(int before, int? uptimeBps, int? qualityPpm, int after) =>
        Reputation.AfterEpoch(before, uptimeBps, qualityPpm).ShouldBe(after);

    [Theory]
    [InlineData(500, 400)]
    [InlineData(100, 0)]
    [InlineData(99, 0)]
    [InlineData(0, 0)]
    public void Slash_Takes100_ButNeverBelowZero(int before, int after) => Reputation.AfterSlash(before).ShouldBe(after);

    [Fact]
    public void Reputation_StaysWithinItsBounds_AndNeverPassesTheMeasure() =>
        Prop.ForAll(
            Gen.Choose(0, 1000).Zip(Gen.Choose(0, 10_000)).Zip(Gen.Choose(0, 1_000_000)).ToArbitrary(),
            drawn =>
            {
                var ((before, uptime), quality) = drawn;
                var after = Reputation.AfterEpoch(before, uptime, quality);
                var measure = ((uptime * 100) + quality) / 2 / 1000;
                after.ShouldBeInRange(Math.Min(before, measure), Math.Max(before, measure));
                if (before != measure)
                    after.ShouldNotBe(before, "whoever goes on like this arrives in the end");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));
}
