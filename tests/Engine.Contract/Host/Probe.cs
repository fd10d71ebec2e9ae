using System.Collections.Concurrent;
using System.Threading.Channels;

namespace CocoonPool.Engine.Contract;

/// <summary>
/// What grains tell a test, and what a test tells grains, past the calls: named events and gates. It lives in the services
/// of the host, so grains take it in their constructor.
/// </summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Channel<string>> _events = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Says that something happened.</summary>
    public void Tell(string name, string value = "")
    {
        _counts.AddOrUpdate(name, 1, (_, count) => count + 1);
        Events(name).Writer.TryWrite(value);
    }

    /// <summary>How often <see cref="Tell"/> was called for the name.</summary>
    public int Count(string name) => _counts.GetValueOrDefault(name);

    /// <summary>The next thing told under the name, waiting for it if need be.</summary>
    public async Task<string> Next(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await Events(name).Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"'{name}' did not happen within {Patience}.", late);
        }
    }

    /// <summary>Waits until the test opens the gate.</summary>
    public Task Gate(string name) => Of(name).Task.WaitAsync(Patience);

    public void Open(string name) => Of(name).TrySetResult();

    private TaskCompletionSource Of(string name)
        => _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private Channel<string> Events(string name) => _events.GetOrAdd(name, _ => Channel.CreateUnbounded<string>());
}
