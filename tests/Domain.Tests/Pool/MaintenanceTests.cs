using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Pool;

public class MaintenanceTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly DateTimeOffset Start = Now.AddHours(50);
    private static readonly MaintenanceWindow Window = new("m1", Start, Start.AddHours(2), "disks", MaintenanceState.Announced);

    [Theory]
    [InlineData(MaintenanceState.Announced, -1, MaintenanceState.Announced)]
    [InlineData(MaintenanceState.Announced, 0, MaintenanceState.Running)]
    [InlineData(MaintenanceState.Announced, 120, MaintenanceState.Ended)]
    [InlineData(MaintenanceState.Running, 119, MaintenanceState.Running)]
    [InlineData(MaintenanceState.Running, 120, MaintenanceState.Ended)]
    [InlineData(MaintenanceState.Ended, 60, MaintenanceState.Ended)]
    [InlineData(MaintenanceState.Cancelled, 60, MaintenanceState.Cancelled)]
    public void Window_FollowsTheClock(MaintenanceState state, int minutesAfterStart, MaintenanceState expected) =>
        (Window with { State = state }).At(Start.AddMinutes(minutesAfterStart)).ShouldBe(expected);

    [Theory]
    [InlineData(48, 50, null)]
    [InlineData(60, 84, null)]
    [InlineData(60, 84.001, "window_too_long")]
    [InlineData(60, 60, "window_empty")]
    [InlineData(47.999, 49, "window_not_announced_in_time")]
    [InlineData(49, 50.001, "window_overlaps")]
    [InlineData(51.999, 53, "window_overlaps")]
    [InlineData(50.5, 51, "window_overlaps")]
    [InlineData(52, 53, null)]
    public void Window_IsAnnounced48HoursAhead_AndBesideNoOther(double startHours, double endHours, string? refusal) =>
        MaintenanceRules.RefusalOf(Now.AddHours(startHours), Now.AddHours(endHours), Now, [Window]).ShouldBe(refusal);

    [Fact]
    public void Window_ThatIsOver_IsInNobodysWay() =>
        MaintenanceRules.RefusalOf(Window.Start, Window.End, Now, [Window with { State = MaintenanceState.Cancelled }, Window with { State = MaintenanceState.Ended }]).ShouldBeNull();

    [Fact]
    public void Windows_AreNotAnnouncedWithoutEnd()
    {
        var many = Enumerable.Range(0, MaintenanceRules.MostPending).Select(i => Window with { Start = Start.AddDays(i), End = Start.AddDays(i).AddHours(2) }).ToList();
        MaintenanceRules.RefusalOf(Start.AddDays(30), Start.AddDays(30).AddHours(1), Now, many).ShouldBe("too_many_windows");
        MaintenanceRules.RefusalOf(Start.AddDays(30), Start.AddDays(30).AddHours(1), Now, many.Skip(1)).ShouldBeNull();
    }
}
