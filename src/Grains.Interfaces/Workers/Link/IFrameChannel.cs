using System.Net.WebSockets;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>What carries the frames of one worker stream: a WebSocket, or grain calls. One reader and one writer at a time.</summary>
public interface IFrameChannel : IDisposable
{
    /// <summary>Reads the next whole frame; a broken or closed channel is an answer and no exception.</summary>
    ValueTask<FrameRead> Receive(CancellationToken cancellationToken);

    /// <exception cref="IOException">The channel is broken; a WebSocket throws its own exception.</exception>
    ValueTask Send(ServerFrame frame, CancellationToken cancellationToken);

    /// <exception cref="IOException">The channel is broken; a WebSocket throws its own exception.</exception>
    ValueTask Send(AgentFrame frame, CancellationToken cancellationToken);

    /// <summary>Says goodbye without waiting for the answer; a channel that is already gone is no mistake.</summary>
    Task CloseOutput(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken);

    /// <summary>Ends both directions now.</summary>
    void Abort();
}
