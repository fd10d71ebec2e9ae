using System.Net.WebSockets;
using System.Threading.Channels;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>
/// The outgoing frames of one stream in their order. It is short, and senders wait when it is full: that is how a slow
/// network slows the back ends down.
/// </summary>
internal sealed class LinkOutbox(IFrameChannel socket)
{
    private readonly Channel<AgentFrame> _frames = Channel.CreateBounded<AgentFrame>(new BoundedChannelOptions(64) { SingleReader = true });

    /// <summary>Waits for room. False when the stream has ended; nobody will read the frame then.</summary>
    public async ValueTask<bool> Send(AgentFrame frame)
    {
        while (!_frames.Writer.TryWrite(frame))
        {
            if (!await _frames.Writer.WaitToWriteAsync(CancellationToken.None))
                return false;
        }
        return true;
    }

    /// <summary>Sends what is queued and then closes this direction.</summary>
    public void Finish() => _frames.Writer.TryComplete();

    /// <summary>Drops what is queued; senders learn that the stream has ended.</summary>
    public void Break()
    {
        _frames.Writer.TryComplete();
        while (_frames.Reader.TryRead(out _))
        {
            // Nothing can be sent any more.
        }
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            while (await _frames.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_frames.Reader.TryRead(out var frame))
                    await socket.Send(frame, cancellationToken);
            }
            await socket.CloseOutput(WebSocketCloseStatus.NormalClosure, "bye", cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Break();
            socket.Abort();
        }
    }
}
