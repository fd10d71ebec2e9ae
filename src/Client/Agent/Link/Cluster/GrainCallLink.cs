using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using Microsoft.Extensions.Hosting;

namespace CocoonPool.Client.Agent.Link;

/// <summary>The agent's end of a stream that grain calls carry: the pool's frames are pulled, the agent's are said one by one.</summary>
internal sealed class GrainCallLink : IFrameChannel
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly IHost _client;
    private readonly IWorkerLinkGrain _grain;
    private readonly CancellationTokenSource _aborted = new();
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(64) { SingleReader = true });
    private readonly Task _listening;
    private volatile string _end = "closed by the other end";
    private int _disposed;

    /// <param name="client">Started; the link stops it.</param>
    public GrainCallLink(IHost client, IWorkerLinkGrain grain)
    {
        _client = client;
        _grain = grain;
        _listening = Listen();
    }

    public async ValueTask<FrameRead> Receive(CancellationToken cancellationToken) =>
        await _incoming.Reader.WaitToReadAsync(cancellationToken) && _incoming.Reader.TryRead(out var frame)
            ? new(FrameReadKind.Text, frame, "")
            : new(FrameReadKind.Closed, default, _end);

    public async ValueTask Send(AgentFrame frame, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>(256);
        FrameJson.Write(text, frame);
        try
        {
            if (await _grain.Say(new(text.WrittenSpan.ToArray())).WaitAsync(cancellationToken))
                return;
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException or InvalidOperationException)
        {
            throw new IOException($"The cluster does not take the frame: {problem.Message}", problem);
        }
        throw new IOException("The cluster does not know this stream any more.");
    }

    public ValueTask Send(ServerFrame frame, CancellationToken cancellationToken) => throw new NotSupportedException("The agent says the agent's frames.");

    public async Task CloseOutput(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await _grain.Close().WaitAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            Abort();
        }
    }

    public void Abort()
    {
        if (Volatile.Read(ref _disposed) == 0)
            _aborted.Cancel();
    }

    /// <summary>The connection to the gateway is gone; nothing that is under way will be answered.</summary>
    public void Lose()
    {
        _end = "connection lost (gateway)";
        _incoming.Writer.TryComplete();
        Abort();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _aborted.Cancel();
        _ = Leave();
    }

    private async Task Listen()
    {
        try
        {
            await foreach (var frame in _grain.Listen(_aborted.Token).WithCancellation(_aborted.Token))
                await _incoming.Writer.WriteAsync(frame.Utf8, _aborted.Token);
        }
        catch (OperationCanceledException) when (_aborted.IsCancellationRequested)
        {
            // Asked for here, or told by Lose.
        }
        catch (Exception problem)
        {
            // Whatever ends the calls ends the stream, as a broken socket would.
            _end = $"connection lost ({problem.GetType().Name})";
        }
        _incoming.Writer.TryComplete();
    }

    /// <summary>Lets the cluster know that nobody listens any more, then lets go of the client; the next stream does not wait for it.</summary>
    private async Task Leave()
    {
        await _listening;
        using var patience = new CancellationTokenSource(Farewell);
        await _client.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _aborted.Dispose();
    }
}
