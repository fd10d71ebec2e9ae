using System.Diagnostics;
using System.Globalization;

namespace CocoonPool.Bench.Gateway;

/// <summary>
/// Processor time that a process and its children have used. On a machine that others use too it is the figure to trust: waiting
/// for a core makes a request slower, but not more expensive.
/// </summary>
internal static class ProcessorTime
{
    /// <summary>So far; zero for a process that is gone.</summary>
    public static TimeSpan Of(int process)
    {
        try
        {
            using var own = Process.GetProcessById(process);
            return Children(process).Aggregate(own.TotalProcessorTime, (sum, child) => sum + Of(child));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException)
        {
            return TimeSpan.Zero;
        }
    }

    private static IEnumerable<int> Children(int process) =>
        Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
