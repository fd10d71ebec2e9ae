using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// The pool's end of a stream that grain calls carry: two short queues. A full one makes its writer wait, which slows the agent or
/// the session as a full socket would.
/// </summary>
internal sealed class GrainCallChannel : IFrameChannel, IAgentStream
{
    private const int Capacity = 64;

    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _aborted = new();
    private Task _serving = Task.CompletedTask;

    /// <param name="serve">Serves the stream from hello to end; it is over when both directions have ended.</param>
    public void Start(Func<CancellationToken, Task> serve)
    {
        // Not in the grain's turn, and without the caller's request context: the stream outlives the call that opened it.
        using var _ = ExecutionContext.SuppressFlow();
        _serving = Task.Run(async () =>
        {
            try
            {
                await serve(_aborted.Token);
            }
            finally
            {
                Abort();
            }
        });
    }

    public IAsyncEnumerable<byte[]> Outgoing(CancellationToken cancellationToken) => _outgoing.Reader.ReadAllAsync(cancellationToken);

    public async Task<bool> Incoming(byte[] frame)
    {
        try
        {
            await _incoming.Writer.WriteAsync(frame, _aborted.Token);
            return true;
        }
        catch (Exception ended) when (ended is ChannelClosedException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Close() => _incoming.Writer.TryComplete();

    public async ValueTask<FrameRead> Receive(CancellationToken cancellationToken)
    {
        if (!await _incoming.Reader.WaitToReadAsync(cancellationToken) || !_incoming.Reader.TryRead(out var frame))
            return new(FrameReadKind.Closed, default, "closed by the other end");
        return frame.Length <= LinkLimits.MaxAgentFrameBytes
            ? new(FrameReadKind.Text, frame, "")
            : new(FrameReadKind.TooLarge, default, $"a frame may have {LinkLimits.MaxAgentFrameBytes} bytes");
    }

    public async ValueTask Send(ServerFrame frame, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>(256);
        FrameJson.Write(text, frame);
        try
        {
            await _outgoing.Writer.WriteAsync(text.WrittenSpan.ToArray(), cancellationToken);
        }
        catch (ChannelClosedException ended)
        {
            throw new IOException("The stream has ended.", ended);
        }
    }

    public ValueTask Send(AgentFrame frame, CancellationToken cancellationToken) => throw new NotSupportedException("The pool says the pool's frames.");

    public Task CloseOutput(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        _outgoing.Writer.TryComplete();
        return Task.CompletedTask;
    }

    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        _incoming.Writer.TryComplete();
        _aborted.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Abort();
        await _serving;
    }

    /// <summary>The queues end with their stream; there is nothing else to let go of while late calls may still look at it.</summary>
    public void Dispose() => Abort();
}
