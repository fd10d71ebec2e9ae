using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public sealed class ServiceStopTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task RecordedServices_AreStopped_TheLastStartedFirst()
    {
        using var first = SleepingProcess.Start();
        using var second = SleepingProcess.Start();
        first.Record(_state.Directory, "first", 1);
        second.Record(_state.Directory, "second", 2);

        (await Stop().StopAll()).ShouldBe(["second", "first"]);

        await first.Ended();
        await second.Ended();
        RunRecord.ReadAll(_state.Directory.Run).ShouldBeEmpty();
    }

    [Fact]
    public async Task RecordThatALaterStartWroteUnderTheSameName_Stays()
    {
        using var earlier = SleepingProcess.Start();
        using var later = SleepingProcess.Start();
        earlier.Record(_state.Directory, "silo", 1);
        var record = RunRecord.ReadAll(_state.Directory.Run).Single();
        later.Record(_state.Directory, "silo", 1);

        (await Stop().Stop(record)).ShouldBeTrue();

        await earlier.Ended();
        later.IsAlive.ShouldBeTrue();
        RunRecord.ReadAll(_state.Directory.Run).Single().Process.ShouldBe(later.Identity);
    }

    [Fact]
    public async Task RecordWhoseStateFolderIsGone_IsStoppedAllTheSame()
    {
        using var process = SleepingProcess.Start();
        process.Record(_state.Directory, "silo", 1);
        var record = RunRecord.ReadAll(_state.Directory.Run).Single();
        _state.Directory.Remove();

        (await Stop().Stop(record)).ShouldBeTrue();

        await process.Ended();
    }

    [Fact]
    public async Task StrangerWithAReusedId_IsLeftAlone()
    {
        using var stranger = SleepingProcess.Start();
        stranger.Record(_state.Directory, identity: stranger.Identity with { StartTicks = stranger.Identity.StartTicks - 1 });

        (await Stop().StopAll()).ShouldBeEmpty();

        stranger.IsAlive.ShouldBeTrue();
        RunRecord.ReadAll(_state.Directory.Run).ShouldBeEmpty();
    }

    [Fact]
    public async Task ProcessOfAnEarlierBoot_IsLeftAlone()
    {
        using var stranger = SleepingProcess.Start();
        stranger.Record(_state.Directory, identity: stranger.Identity with { BootId = "another boot" });
        (await Stop().StopAll()).ShouldBeEmpty();
        stranger.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task ServiceThatDoesNotListen_IsKilledAfterItsLimit()
    {
        using var stubborn = await SleepingProcess.StartStubborn();
        stubborn.Record(_state.Directory, stopLimitSeconds: 0);
        (await Stop().StopAll()).ShouldBe(["sleeper"]);
        await stubborn.Ended();
    }

    [Fact]
    public async Task UnreadableRecord_NamesNobody_AndIsRemoved()
    {
        var path = Path.Combine(_state.Directory.Run, "silo.json");
        File.WriteAllText(path, "{\"name\":\"si");
        (await Stop().StopAll()).ShouldBeEmpty();
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task DatabaseLockThatNamesAStranger_IsRemoved_AndTheStrangerLives()
    {
        using var stranger = SleepingProcess.Start();
        var data = _state.Directory.In("data");
        Directory.CreateDirectory(data);
        var lockFile = Path.Combine(data, "postmaster.pid");
        File.WriteAllText(lockFile, $"{stranger.Identity.Pid}\n{data}\n");

        await new PostgresLeftover(data, TimeProvider.System).Stop();

        File.Exists(lockFile).ShouldBeFalse();
        stranger.IsAlive.ShouldBeTrue();
    }

    private ServiceStop Stop() => new(_state.Directory.Run, TimeProvider.System);
}
