using System.Collections.Concurrent;
using System.Text.Json;
using CocoonPool.Chaos.Network;

namespace CocoonPool.Chaos.Books;

/// <summary>What the pool told its workers about their receipts, heard on the wire.</summary>
public sealed class ReceiptBook
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>Tasks whose receipts are recorded, as their workers were told. From then on no worker keeps them.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>Tasks whose receipts do not count, with the reason's code.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    /// <summary>Not everything could be heard.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>For one connection of a worker.</summary>
    public IListener Listen() => new WebSocketText(Hear, () => IsIncomplete = true);

    private void Hear(string message)
    {
        // Most frames are pieces of work; only acknowledgements are worth reading whole.
        if (!message.Contains("\"ack\"", StringComparison.Ordinal))
            return;
        using var document = JsonDocument.Parse(message);
        var frame = document.RootElement;
        if (!string.Equals(frame.GetProperty("type").GetString(), "ack", StringComparison.Ordinal))
            return;
        foreach (var task in frame.GetProperty("receipts").EnumerateArray())
            _acknowledged[task.GetString()!] = true;
        foreach (var refused in frame.GetProperty("refused").EnumerateArray())
            _refused[refused.GetProperty("task").GetString()!] = refused.GetProperty("code").GetString()!;
    }
}
