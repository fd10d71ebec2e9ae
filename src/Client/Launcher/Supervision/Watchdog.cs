using System.Diagnostics;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>
/// A small process that stops the services when the launcher dies without doing so. It holds the reading end of a pipe: a word
/// on it means "nothing to do"; its end without a word means that the launcher was killed.
/// (The kernel's parent-death signal is no way: it is tied to a thread of the parent, and the runtime's threads come and go.)
/// </summary>
public sealed class Watchdog : IAsyncDisposable
{
    public const string CommandName = "watchdog";
    private readonly Process _process;

    private Watchdog(Process process) => _process = process;

    public static Watchdog Start(StateDirectory state)
    {
        var info = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/" };
        string[] words =
        [
            "sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", state.Log(CommandName),
            "dotnet", typeof(Watchdog).Assembly.Location, CommandName, "--state", state.Path,
        ];
        foreach (var word in words)
            info.ArgumentList.Add(word);
        return new Watchdog(Process.Start(info) ?? throw new LauncherException("The watchdog could not be started."));
    }

    /// <summary>The watching side: waits for the word or the end, then stops what is recorded.</summary>
    public static async Task<int> Watch(StateDirectory state, TextReader input, TimeProvider time)
    {
        if (await input.ReadLineAsync() is null)
            await new ServiceStop(state.Run, time).StopAll();
        return 0;
    }

    /// <summary>Says that the launcher has done its own cleaning up, or leaves the services running on purpose.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync("done");
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }
        catch (IOException)
        {
            // The watchdog is gone already; there is nothing left for it to watch.
        }

        _process.Dispose();
    }
}
