using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CocoonPool.Client.Agent.Monitoring;

/// <param name="MemoryGb">Rounded to the next whole GiB, as cards are sold.</param>
internal sealed record Gpu(int Index, string Model, int MemoryGb, int UtilizationPercent);

/// <summary>Asks <c>nvidia-smi</c>, when the machine has one.</summary>
internal static class GpuProbe
{
    /// <summary>Empty when there is no nvidia-smi or it does not answer.</summary>
    public static async Task<IReadOnlyList<Gpu>> Ask(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("nvidia-smi", ["--query-gpu=index,name,memory.total,utilization.gpu", "--format=csv,noheader,nounits"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start);
            if (process is null)
                return [];
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? Parse(output) : [];
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            return [];
        }
    }

    public static IReadOnlyList<Gpu> Parse(string output)
    {
        var gpus = new List<Gpu>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length >= 4 && int.TryParse(cells[0], out var index)
                && double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var memoryMib))
                gpus.Add(new Gpu(index, cells[1], (int)Math.Ceiling(memoryMib / 1024), int.TryParse(cells[3], out var used) ? used : 0));
        }
        return gpus;
    }
}
