using CocoonPool.Domain.Webhooks;

namespace CocoonPool.Domain.Tests.Webhooks;

public class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Happened = Samples.Monday;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(8, 3600)]
    [InlineData(30, 3600)]
    public void Delivery_IsTriedAgain_AfterASecondDoublingToAMinute_ThenHourly(int attempts, int seconds) =>
        DeliverySchedule.Next(attempts, Happened, Happened.AddMinutes(1)).ShouldBe(Happened.AddMinutes(1).AddSeconds(seconds));

    [Fact]
    public void Delivery_IsGivenUp_WhenTheNextAttemptWouldComeAfterADay()
    {
        DeliverySchedule.Next(20, Happened, Happened.AddHours(23)).ShouldBe(Happened.AddHours(24));
        DeliverySchedule.Next(20, Happened, Happened.AddHours(23).AddTicks(1)).ShouldBeNull();
    }
}
