using System.Diagnostics;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Launcher.Tests.Fixtures;

/// <summary>A real process that leads its own session, as services do, and that never outlives its test.</summary>
internal sealed class SleepingProcess : IDisposable
{
    private readonly Process _process;

    private SleepingProcess(Process process)
    {
        _process = process;
        Identity = ProcessIdentity.Of(process.Id) ?? throw new InvalidOperationException("The process ended at once.");
    }

    public ProcessIdentity Identity { get; }

    public bool IsAlive => !_process.HasExited;

    public static SleepingProcess Start() => new(Launch("sleep", "600"));

    /// <summary>One that does not listen to SIGTERM. It says so once the trap is set.</summary>
    public static async Task<SleepingProcess> StartStubborn()
    {
        var process = Launch("sh", "-c", "trap '' TERM; echo set; while :; do sleep 600; done");
        (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(15))).ShouldBe("set");
        return new(process);
    }

    /// <summary>Records the process as a service of this state folder.</summary>
    public RunRecord Record(StateDirectory state, string name = "sleeper", int order = 1, ProcessIdentity? identity = null, int stopLimitSeconds = 15)
    {
        var record = new RunRecord(name, order, identity ?? Identity, null, null, ProcessSignal.Terminate, stopLimitSeconds);
        record.Write(state.Run);
        return record;
    }

    public Task Ended() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));

    public void Dispose()
    {
        if (IsAlive)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static Process Launch(params string[] command)
    {
        var info = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (var word in command)
            info.ArgumentList.Add(word);
        return Process.Start(info)!;
    }
}
