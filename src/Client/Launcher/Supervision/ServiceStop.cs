namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>Stops recorded processes: politely first, by force after the service's limit, and never a stranger.</summary>
public sealed class ServiceStop(string runDirectory, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Stops every recorded service, the last started first. Returns the names of those that were running.</summary>
    public async Task<IReadOnlyList<string>> StopAll()
    {
        var stopped = new List<string>();
        var seen = new HashSet<ProcessIdentity>();
        // Read anew each time: until the keeper is stopped, it may have started again what an earlier reading showed as ended.
        while (RunRecord.ReadAll(runDirectory).LastOrDefault(record => !seen.Contains(record.Process)) is { } record)
        {
            seen.Add(record.Process);
            if (await Stop(record))
                stopped.Add(record.Name);
        }

        return stopped;
    }

    /// <summary>True when the recorded process was running. Another process with the same id is left alone.</summary>
    public async Task<bool> Stop(RunRecord record)
    {
        var running = record.Process.IsRunning;
        if (running)
        {
            ProcessSignal.Send(record.Process.Pid, record.StopSignal);
            if (!await Ended(record.Process, TimeSpan.FromSeconds(record.StopLimitSeconds)))
            {
                ProcessSignal.SendToGroup(record.Process.Pid, ProcessSignal.Kill);
                await Ended(record.Process, TimeSpan.FromSeconds(5));
            }
        }

        record.Delete(runDirectory);
        return running;
    }

    private async Task<bool> Ended(ProcessIdentity process, TimeSpan limit)
    {
        var start = time.GetTimestamp();
        while (process.IsRunning)
        {
            if (time.GetElapsedTime(start) > limit)
                return false;
            await Task.Delay(Poll, time);
        }

        return true;
    }
}
