using System.Globalization;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Chaos.Pool;

/// <summary>
/// Wall clocks of single processes, moved by libfaketime, which answers their questions for the time. The monotonic clock stays: no
/// machine's goes back. Where the library is not installed, clocks stay as they are, and the report says so.
/// </summary>
public sealed class ProcessClocks(string folder)
{
    private static readonly string? Library = ((string[])["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1"])
        .FirstOrDefault(File.Exists);

    public static bool CanBeMoved => Library is not null;

    /// <summary>The service with a clock that can be moved while it runs.</summary>
    public ServiceDefinition WithClock(ServiceDefinition service)
    {
        if (Library is null)
            return service;
        Directory.CreateDirectory(folder);
        Set(service.Name, TimeSpan.Zero);
        var environment = new Dictionary<string, string>(service.Environment, StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(service.Name),
            // The file is read again once a second.
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // Its shared memory outlives a killed process, and the next one with that id would trip over it.
            ["FAKETIME_DISABLE_SHM"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
        return service with { Environment = environment };
    }

    /// <param name="offset">From the machine's clock, in whole milliseconds.</param>
    public void Set(string service, TimeSpan offset)
    {
        var seconds = (offset.TotalMilliseconds / 1_000).ToString("+0.000;-0.000;+0.000", CultureInfo.InvariantCulture);
        // Renamed into place: the library must never read half a number.
        File.WriteAllText(FileOf(service) + ".new", seconds + "\n");
        File.Move(FileOf(service) + ".new", FileOf(service), overwrite: true);
    }

    private string FileOf(string service) => Path.Combine(folder, service);
}
