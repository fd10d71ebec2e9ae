using CocoonPool.Domain.Contributions;

namespace CocoonPool.Domain.Tests.Contributions;

public class QualityTests
{
    [Theory]
    [InlineData(0, 1_000_000)]
    [InlineData(1000, 1_000_000)]
    [InlineData(1001, 999_750)]
    [InlineData(2000, 750_000)]
    [InlineData(2999, 500_250)]
    [InlineData(3000, 500_000)]
    [InlineData(3001, 500_000)]
    [InlineData(long.MaxValue, 500_000)]
    public void Quality_OfASuccess_FallsLinearlyFromTheTargetToThreeTimesIt(long latencyMs, int expectedPpm) =>
        Quality.Ppm(TaskOutcome.Success, latencyMs, 1000).ShouldBe(expectedPpm);

    [Fact]
    public void Quality_BetweenTwoWholePpm_IsRoundedDown() => Quality.Ppm(TaskOutcome.Success, 4, 3).ShouldBe(916_666);

    [Fact]
    public void Quality_OfAWorkersFault_IsNothing() => Quality.Ppm(TaskOutcome.WorkerFault, 1, 1000).ShouldBe(0);

    [Theory]
    [InlineData(TaskOutcome.ClientAborted)]
    [InlineData(TaskOutcome.ClientError)]
    [InlineData(TaskOutcome.BackPressure)]
    public void Quality_OfANeutralOutcome_CountsForNobody(TaskOutcome outcome)
    {
        Quality.Ppm(outcome, 1, 1000).ShouldBeNull();
        outcome.IsNeutral().ShouldBeTrue();
    }

    [Fact]
    public void Quality_WithoutATarget_IsABug() => Should.Throw<ArgumentOutOfRangeException>(() => Quality.Ppm(TaskOutcome.Success, 1, 0));

    [Fact]
    public void Quality_OfANegativeLatency_IsABug() => Should.Throw<ArgumentOutOfRangeException>(() => Quality.Ppm(TaskOutcome.Success, -1, 1000));

    [Fact]
    public void Outcomes_ReadBackFromTheirWords()
    {
        foreach (var outcome in Enum.GetValues<TaskOutcome>())
        {
            TaskOutcomeWords.TryParse(outcome.ToWord(), out var read).ShouldBeTrue();
            read.ShouldBe(outcome);
        }

        TaskOutcomeWords.TryParse("Success", out _).ShouldBeFalse();
    }
}
