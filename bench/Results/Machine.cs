using System.Runtime.InteropServices;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Bench.Results;

/// <summary>Where figures come from.</summary>
/// <param name="Cores">That this process may use, which in a container is fewer than the machine has.</param>
/// <param name="MemoryMebibytes">Of the machine, or of the container when that is less.</param>
public sealed record Machine(string Processor, int Cores, long MemoryMebibytes, string Kernel, string Dotnet, string Postgres, string Node)
{
    /// <summary>Alike enough for figures to be compared.</summary>
    public bool IsLike(Machine other) => Cores == other.Cores && string.Equals(Processor, other.Processor, StringComparison.Ordinal);

    public static async Task<Machine> This(CancellationToken cancellationToken)
    {
        var model = (await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken))
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        return new(
            model ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024),
            (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellationToken)).Trim(),
            Environment.Version.ToString(),
            await Version([Path.Combine(PostgresBinaries.Find().Directory, "postgres"), "--version"], cancellationToken),
            await Version(["node", "--version"], cancellationToken));
    }

    /// <summary>The first word with a digit in it of what a program says about itself: "15.4" of "postgres (PostgreSQL) 15.4 (Debian …)".</summary>
    private static async Task<string> Version(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            var run = await CommandRun.Of(command, cancellationToken);
            return run.Output.Split(' ').FirstOrDefault(word => word.Any(char.IsAsciiDigit))?.Trim() ?? "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "none";
        }
    }
}
