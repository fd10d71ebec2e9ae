using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Client.Launcher.Postgres;

/// <summary>
/// What a killed run left behind: a server that still holds the data directory, or a lock file whose process id now belongs to
/// somebody else (the server would refuse to start because of it).
/// </summary>
public sealed class PostgresLeftover(string dataDirectory, TimeProvider time)
{
    public async Task Stop()
    {
        var lockFile = Path.Combine(dataDirectory, "postmaster.pid");
        if (!File.Exists(lockFile))
            return;
        if (int.TryParse(File.ReadLines(lockFile).FirstOrDefault(), out var pid) && Holds(pid) && ProcessIdentity.Of(pid) is { } server)
        {
            ProcessSignal.Send(pid, ProcessSignal.Interrupt);
            var start = time.GetTimestamp();
            while (server.IsRunning && time.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
                await Task.Delay(TimeSpan.FromMilliseconds(50), time);
            if (server.IsRunning)
                throw new LauncherException($"A PostgreSQL server (process {pid}) still holds {dataDirectory}; stop it, then try again.");
        }

        File.Delete(lockFile);
    }

    /// <summary>A server works in its data directory; a process that does not is a stranger that got the id later.</summary>
    private bool Holds(int pid)
    {
        try
        {
            var workingDirectory = new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: true);
            return string.Equals(workingDirectory?.FullName.TrimEnd('/'), dataDirectory.TrimEnd('/'), StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
