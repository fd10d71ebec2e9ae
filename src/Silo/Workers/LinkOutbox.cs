using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// The outgoing frames of one stream in their order. Posting never waits: the pump that receives must not hang on an agent
/// that does not read, or both ends could wait for each other for ever. A full outbox is such an agent.
/// </summary>
internal sealed class LinkOutbox
{
    private const int Capacity = 1024;

    private readonly IFrameChannel _socket;
    private readonly TimeSpan _sendTimeout;
    private readonly TimeProvider _time;
    private readonly FrameOutbox<ServerFrame> _frames;
    private Action<AssignFrame> _unsendable = _ => { };
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;
    private string _closing = "";

    public LinkOutbox(IFrameChannel socket, TimeSpan sendTimeout, TimeProvider time)
    {
        (_socket, _sendTimeout, _time) = (socket, sendTimeout, time);
        _frames = new(Send, Capacity);
    }

    public bool TryPost(ServerFrame frame) => _frames.TryPost(frame);

    /// <summary>Sends what is queued, then an error frame if there is one, then closes this direction. The first call counts.</summary>
    public void Finish(ErrorFrame? last, WebSocketCloseStatus status, string closing)
    {
        _status = status;
        _closing = closing;
        if (last is not null)
            _frames.TryPost(last);
        _frames.Close();
    }

    /// <summary>Runs until <see cref="Finish"/>, or until sending fails, which aborts the connection.</summary>
    /// <param name="first">Goes out before anything that was posted meanwhile.</param>
    /// <param name="unsendable">Called for an assignment whose body is not JSON; nothing of it was sent.</param>
    public async Task Run(ServerFrame first, Action<AssignFrame> unsendable)
    {
        _unsendable = unsendable;
        try
        {
            await Send(first);
            _frames.Open();
            await _frames.Ended;
            using var patience = new CancellationTokenSource(_sendTimeout, _time);
            await _socket.CloseOutput(_status, _closing, patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // The receiving side notices the abort and tells why the stream ended.
            _frames.Break();
            _socket.Abort();
        }
    }

    /// <summary>Nearly every frame fits into the socket at once; only one that does not needs a clock beside it.</summary>
    private async ValueTask Send(ServerFrame frame)
    {
        try
        {
            var sending = _socket.Send(frame, CancellationToken.None);
            await (sending.IsCompleted ? sending : new(sending.AsTask().WaitAsync(_sendTimeout, _time))).ConfigureAwait(false);
        }
        catch (Exception exception) when (frame is AssignFrame && exception is JsonException or ArgumentException)
        {
            _unsendable((AssignFrame)frame);
        }
    }
}
