using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class MeasuredQualityTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, null)]
    [InlineData(0, 3, 0, 0, null)]
    [InlineData(0, 0, 0, 2, 0)]
    [InlineData(0, 3, 0, 2, 0)]
    [InlineData(100, 1, 100_000_000, 0, 1_000_000)]
    [InlineData(100, 1, 75_000_000, 0, 750_000)]
    [InlineData(100, 1, 100_000_000, 1, 500_000)]
    [InlineData(100, 2, 50_000_000, 1, 333_333)]
    [InlineData(100, 0, 50_000_000, 0, null)]
    public void Quality_IsTheMeanOfWhatSucceeded_TimesThePartThatDid(long tokens, long tasks, long qualityTokens, long failed, int? ppm) =>
        MeasuredQuality.Ppm(new(Samples.Address(1), tokens, 0, tasks, qualityTokens, failed)).ShouldBe(ppm);
}
