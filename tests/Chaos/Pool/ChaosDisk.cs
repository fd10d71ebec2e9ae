using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Chaos.Pool;

/// <summary>
/// A file system of its own under the pool's state, small enough to be filled. Only root can mount one; where that is not possible the
/// disk is not filled, because everybody's disk would be, and the report says so.
/// </summary>
public sealed class ChaosDisk
{
    private readonly string _filler;

    private ChaosDisk(string path, bool isMounted) => (Path, IsMounted, _filler) = (path, isMounted, System.IO.Path.Combine(path, "filler"));

    public string Path { get; }

    public bool IsMounted { get; }

    public static async Task<ChaosDisk> Mount(string path, int mebibytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        if (!Environment.IsPrivilegedProcess)
            return new(path, isMounted: false);
        var run = await CommandRun.Of(["mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0755", "cocoon-chaos", path], cancellationToken);
        return new(path, run.ExitCode == 0);
    }

    /// <summary>What an earlier run left mounted here, when it was killed.</summary>
    public static async Task UnmountLeftover(string path)
    {
        if (Environment.IsPrivilegedProcess && File.ReadLines("/proc/mounts").Any(line => line.StartsWith($"cocoon-chaos {path} ", StringComparison.Ordinal)))
            await CommandRun.Require($"unmounting {path}", ["umount", "-l", path], CancellationToken.None);
    }

    /// <summary>Leaves not a byte free.</summary>
    public async Task Fill(CancellationToken cancellationToken)
    {
        if (!IsMounted)
            throw new LauncherException($"{Path} has no file system of its own to fill.");
        var zeros = new byte[1024 * 1024];
        try
        {
            await using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                await file.WriteAsync(zeros, cancellationToken);
        }
        catch (IOException)
        {
            // That is what "full" is.
        }
    }

    public void Empty() => File.Delete(_filler);

    public Task Unmount() => IsMounted ? UnmountLeftover(Path) : Task.CompletedTask;
}
