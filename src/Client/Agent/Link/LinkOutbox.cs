using System.Net.WebSockets;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>
/// The outgoing frames of one stream in their order. It is short, and senders wait when it is full: that is how a slow
/// network slows the back ends down.
/// </summary>
internal sealed class LinkOutbox(IFrameChannel socket)
{
    private readonly FrameOutbox<AgentFrame> _frames = new(frame => socket.Send(frame, CancellationToken.None), capacity: 64);

    /// <summary>Waits for room. False when the stream has ended; nobody will read the frame then.</summary>
    public ValueTask<bool> Send(AgentFrame frame) => _frames.TryPost(frame) ? new(true) : _frames.Post(frame);

    /// <summary>Sends what is queued and then closes this direction.</summary>
    public void Finish() => _frames.Close();

    /// <summary>Drops what is queued; senders learn that the stream has ended.</summary>
    public void Break() => _frames.Break();

    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            _frames.Open();
            await _frames.Ended.WaitAsync(cancellationToken);
            await socket.CloseOutput(WebSocketCloseStatus.NormalClosure, "bye", cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Break();
            socket.Abort();
        }
    }
}
