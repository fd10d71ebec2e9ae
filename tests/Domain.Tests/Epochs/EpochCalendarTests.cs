using System.Numerics;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochCalendarTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 1, 7, 15, 30, 12, 345, TimeSpan.Zero);

    [Fact]
    public void WeeklyEpoch_StartedMidweek_EndsOnMondayMidnightUtc()
    {
        var (start, end) = EpochCalendar.First(Wednesday.AddTicks(77), TimeSpan.FromDays(7));
        start.ShouldBe(Wednesday);
        end.ShouldBe(Samples.Monday.AddDays(7));
        end.DayOfWeek.ShouldBe(DayOfWeek.Monday);
    }

    [Fact]
    public void WeeklyEpoch_StartedOnTheBoundary_LastsAWholeWeek() =>
        EpochCalendar.First(Samples.Monday, TimeSpan.FromDays(7)).ShouldBe((Samples.Monday, Samples.Monday.AddDays(7)));

    [Fact]
    public void WeeklyEpoch_StartedInAnotherTimeZone_StillEndsOnMondayMidnightUtc() =>
        EpochCalendar.First(Wednesday.ToOffset(TimeSpan.FromHours(9)), TimeSpan.FromDays(7)).End.ShouldBe(Samples.Monday.AddDays(7));

    [Fact]
    public void DailyEpoch_EndsAtMidnight() => EpochCalendar.First(Wednesday, TimeSpan.FromDays(1)).End.ShouldBe(Samples.Monday.AddDays(3));

    [Fact]
    public void EpochOfAnOddLength_IsCountedFromItsStart() =>
        EpochCalendar.First(Wednesday, TimeSpan.FromDays(5)).ShouldBe((Wednesday, Wednesday.AddDays(5)));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Epoch_IsDueOnceItsGraceIsOver(int seconds, bool due) =>
        EpochCalendar.IsDue(Samples.Monday, TimeSpan.FromMinutes(15), Samples.Monday.AddMinutes(15).AddSeconds(seconds)).ShouldBe(due);

    [Theory]
    [InlineData(-10, 1000)]
    [InlineData(0, 1000)]
    [InlineData(400, 600)]
    [InlineData(1000, 0)]
    [InlineData(2000, 0)]
    public void ExpectedUptime_CountsFromTheFirstActivation(int activeSinceMs, int expectedMs) =>
        ExpectedUptime.GpuMilliseconds(Samples.Monday, Samples.Monday.AddMilliseconds(1000), Samples.Monday.AddMilliseconds(activeSinceMs), 8)
            .ShouldBe((BigInteger)8 * expectedMs);

    [Theory]
    [InlineData(-10, 0)]
    [InlineData(400, 400)]
    [InlineData(1000, 1000)]
    [InlineData(2000, 1000)]
    public void ExpectedUptime_EndsWithTheDeactivation(int activeUntilMs, int expectedMs) =>
        ExpectedUptime.GpuMilliseconds(Samples.Monday, Samples.Monday.AddMilliseconds(1000), Samples.Monday.AddDays(-1), 8, Samples.Monday.AddMilliseconds(activeUntilMs))
            .ShouldBe((BigInteger)8 * expectedMs);

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(1, 3, 3333)]
    [InlineData(100, 100, 10_000)]
    [InlineData(101, 100, 10_000)]
    [InlineData(0, 0, 10_000)]
    public void Uptime_IsCreditedOverExpectedRoundedDown(int credited, int expected, int basisPoints) =>
        ExpectedUptime.BasisPoints(credited, expected).ShouldBe(basisPoints);
}
