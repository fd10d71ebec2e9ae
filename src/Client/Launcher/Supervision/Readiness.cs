using System.Text;
using System.Text.Json.Serialization;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>Decides whether a started service serves. Asked again and again until it does, its process ends, or its limit passes.</summary>
[JsonDerivedType(typeof(ReadyLine), "line")]
public interface IReadiness
{
    /// <param name="logPath">Where the service writes.</param>
    /// <param name="from">Where this start's output begins; what an earlier start wrote must not count.</param>
    Task<bool> IsReady(string logPath, long from, CancellationToken cancellationToken);
}

/// <summary>The service prints a line that begins so.</summary>
public sealed class ReadyLine(string prefix) : IReadiness
{
    public string Prefix => prefix;

    public async Task<bool> IsReady(string logPath, long from, CancellationToken cancellationToken)
    {
        if (!File.Exists(logPath))
            return false;
        await using var stream = new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Min(from, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Contains(await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>Only whole lines count: half a line may still grow into another one.</summary>
    public bool Contains(string output)
    {
        var end = output.LastIndexOf('\n');
        return end >= 0 && output[..end].Split('\n').Any(line => line.StartsWith(prefix, StringComparison.Ordinal));
    }
}

/// <summary>The service's own question, for instance a connection to a database.</summary>
public sealed class ReadyWhen(Func<CancellationToken, Task<bool>> probe) : IReadiness
{
    public Task<bool> IsReady(string logPath, long from, CancellationToken cancellationToken) => probe(cancellationToken);
}
