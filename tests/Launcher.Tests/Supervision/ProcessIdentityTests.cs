using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public class ProcessIdentityTests
{
    private const string Fields = " 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 628370 10 11";

    [Theory]
    [InlineData("42 (sleep) S" + Fields, 628370)]
    [InlineData("42 (a b) c) R) S" + Fields, 628370)]
    [InlineData("42 (sleep) Z" + Fields, null)]
    [InlineData("42 (sleep) X" + Fields, null)]
    [InlineData("42 (sleep) S 1 2 3", null)]
    [InlineData("", null)]
    public void StartTime_IsRead_WhateverTheProgramIsNamed(string stat, int? ticks) =>
        ProcessIdentity.ParseStartTicks(stat).ShouldBe(ticks);

    [Fact]
    public async Task Process_IsRunning_UntilItEnds()
    {
        using var process = SleepingProcess.Start();
        process.Identity.IsRunning.ShouldBeTrue();
        (process.Identity with { StartTicks = 1 }).IsRunning.ShouldBeFalse();
        ProcessSignal.Send(process.Identity.Pid, ProcessSignal.Terminate);
        await process.Ended();
        process.Identity.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public void IdOfNobody_HasNoIdentity() => ProcessIdentity.Of(int.MaxValue).ShouldBeNull();
}
