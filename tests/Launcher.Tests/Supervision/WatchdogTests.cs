using System.Diagnostics;
using System.IO.Pipes;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task BrokenPipe_StopsTheServices()
    {
        using var service = SleepingProcess.Start();
        service.Record(_state.Directory);
        await using var writing = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reading = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, writing.ClientSafePipeHandle));

        var watch = Watchdog.Watch(_state.Directory, reading, TimeProvider.System);
        watch.IsCompleted.ShouldBeFalse();
        service.IsAlive.ShouldBeTrue();
        await writing.DisposeAsync();

        (await watch.WaitAsync(Longest)).ShouldBe(0);
        await service.Ended();
    }

    [Fact]
    public async Task Word_LeavesTheServicesRunning()
    {
        using var service = SleepingProcess.Start();
        service.Record(_state.Directory);
        await Watchdog.Watch(_state.Directory, new StringReader("done\n"), TimeProvider.System).WaitAsync(Longest);
        service.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task RealWatchdog_WhoseLauncherSaysDone_LeavesTheServicesRunning()
    {
        using var service = SleepingProcess.Start();
        service.Record(_state.Directory);
        await Watchdog.Start(_state.Directory).DisposeAsync().AsTask().WaitAsync(Longest);
        service.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task RealWatchdog_WhoseLauncherDies_StopsTheServices()
    {
        using var service = SleepingProcess.Start();
        service.Record(_state.Directory);
        var info = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var word in (string[])[typeof(Watchdog).Assembly.Location, Watchdog.CommandName, "--state", _state.Directory.Path])
            info.ArgumentList.Add(word);
        using var watchdog = Process.Start(info)!;
        service.IsAlive.ShouldBeTrue();

        // The kernel closes a dead launcher's end of the pipe just so.
        watchdog.StandardInput.Close();

        await watchdog.WaitForExitAsync().WaitAsync(Longest);
        watchdog.ExitCode.ShouldBe(0);
        await service.Ended();
    }
}
