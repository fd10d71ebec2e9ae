using System.Globalization;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>
/// A process that cannot be mistaken for another: its id, the kernel's start time of it, and the boot it belongs to.
/// Process ids are reused, so an id alone must never be signalled.
/// </summary>
/// <param name="StartTicks">Field 22 of /proc/PID/stat: clock ticks after boot.</param>
public sealed record ProcessIdentity(int Pid, long StartTicks, string BootId)
{
    /// <summary>The identity of a live process, or null when there is none (a zombie counts as gone).</summary>
    public static ProcessIdentity? Of(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return ParseStartTicks(stat) is { } ticks ? new ProcessIdentity(pid, ticks, ReadBootId()) : null;
    }

    public bool IsRunning => Of(Pid) == this;

    /// <summary>Reads the start time; the command name may hold spaces and parentheses, so fields count from the last one.</summary>
    public static long? ParseStartTicks(string stat)
    {
        var close = stat.LastIndexOf(')');
        if (close < 0)
            return null;
        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20 || fields[0] is "Z" or "X")
            return null;
        return long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;
    }

    private static string ReadBootId()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
