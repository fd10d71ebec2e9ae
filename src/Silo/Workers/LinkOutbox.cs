using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// The outgoing frames of one stream in their order. Posting never waits: the pump that receives must not hang on an agent
/// that does not read, or both ends could wait for each other for ever. A full outbox is such an agent.
/// </summary>
internal sealed class LinkOutbox(IFrameChannel socket, TimeSpan sendTimeout, TimeProvider time)
{
    private const int Capacity = 1024;

    private readonly Channel<ServerFrame> _frames =
        Channel.CreateBounded<ServerFrame>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;
    private string _closing = "";

    public bool TryPost(ServerFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Sends what is queued, then an error frame if there is one, then closes this direction. The first call counts.</summary>
    public void Finish(ErrorFrame? last, WebSocketCloseStatus status, string closing)
    {
        _status = status;
        _closing = closing;
        if (last is not null)
            _frames.Writer.TryWrite(last);
        _frames.Writer.TryComplete();
    }

    /// <summary>Runs until <see cref="Finish"/>, or until sending fails, which aborts the connection.</summary>
    /// <param name="first">Goes out before anything that was posted meanwhile.</param>
    /// <param name="unsendable">Called for an assignment whose body is not JSON; nothing of it was sent.</param>
    public async Task Run(ServerFrame first, Action<AssignFrame> unsendable)
    {
        using var patience = new SendPatience(sendTimeout, time);
        try
        {
            await socket.Send(first, patience.Next());
            while (await _frames.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (_frames.Reader.TryRead(out var frame))
                    await Send(frame, unsendable, patience);
            }
            await socket.CloseOutput(_status, _closing, patience.Next());
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The receiving side notices the abort and tells why the stream ended.
            _frames.Writer.TryComplete();
            socket.Abort();
        }
    }

    private async Task Send(ServerFrame frame, Action<AssignFrame> unsendable, SendPatience patience)
    {
        try
        {
            await socket.Send(frame, patience.Next());
        }
        catch (Exception exception) when (frame is AssignFrame && exception is JsonException or ArgumentException)
        {
            unsendable((AssignFrame)frame);
        }
    }

    /// <summary>One time-out for many sends, without a new source for each.</summary>
    private sealed class SendPatience(TimeSpan timeout, TimeProvider time) : IDisposable
    {
        private CancellationTokenSource _source = new(timeout, time);

        public CancellationToken Next()
        {
            if (_source.TryReset())
            {
                _source.CancelAfter(timeout);
            }
            else
            {
                _source.Dispose();
                _source = new(timeout, time);
            }
            return _source.Token;
        }

        public void Dispose() => _source.Dispose();
    }
}
