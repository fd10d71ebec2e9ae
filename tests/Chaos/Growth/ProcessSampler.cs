using CocoonPool.Chaos.Harms;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Chaos.Growth;

/// <summary>Looks at the memory and the file descriptors of every recorded service, again and again.</summary>
public sealed class ProcessSampler(string runFolder, TimeProvider time)
{
    private const double KibibytesPerMebibyte = 1024;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, (List<Sample> Samples, List<ProcessIdentity> Lives, double Since)> _series = new(StringComparer.Ordinal);
    private long _start;

    public IReadOnlyList<ServiceSeries> Series => [.. _series.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ServiceSeries(s.Key, s.Value.Samples))];

    /// <summary>Until it is cancelled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        _start = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var record in RunRecord.ReadAll(runFolder).Where(record => record.Process.IsRunning))
                Look(record);
            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look(RunRecord record)
    {
        var now = time.GetElapsedTime(_start).TotalSeconds;
        var (samples, lives, since) = _series.GetValueOrDefault(record.Name, ([], [], now));
        if (!lives.Contains(record.Process))
        {
            lives.Add(record.Process);
            since = now;
        }

        var (memory, descriptors) = (0.0, 0);
        foreach (var process in ProcessTree.Of(record.Process.Pid))
        {
            memory += ResidentKibibytes(process) / KibibytesPerMebibyte;
            descriptors += Descriptors(process);
        }

        samples.Add(new(lives.Count, now, now - since, memory, descriptors));
        _series[record.Name] = (samples, lives, since);
    }

    /// <summary>Pages that several processes share count in parts: PostgreSQL's begin as copies of one another.</summary>
    private static double ResidentKibibytes(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/smaps_rollup").Where(line => line.StartsWith("Pss_Anon:", StringComparison.Ordinal))
                .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static int Descriptors(int process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
