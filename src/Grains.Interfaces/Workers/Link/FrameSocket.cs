using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace CocoonPool.Grains.Workers.Link;

public enum FrameReadKind
{
    Text = 0,

    /// <summary>The other end closed, or the connection broke.</summary>
    Closed = 1,
    TooLarge = 2,
    NotText = 3,
}

/// <param name="Payload">Valid until the next read.</param>
/// <param name="Reason">Why it ended, when it did.</param>
public readonly record struct FrameRead(FrameReadKind Kind, ReadOnlyMemory<byte> Payload, string Reason);

/// <summary>
/// A WebSocket as a sequence of whole text messages of bounded size. One reader and one writer at a time. The receive buffer
/// is small while the stream is idle, because a pool has thousands of idle streams, and grows only for a large frame.
/// </summary>
public sealed class FrameSocket(WebSocket socket, int maxIncomingBytes) : IFrameChannel
{
    private const int IdleBufferBytes = 4096;
    private const int KeptSendBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(IdleBufferBytes);
    private ArrayBufferWriter<byte> _outgoing = new(256);
    private Utf8JsonWriter? _writer;
    private bool _disposed;

    /// <inheritdoc/>
    /// <remarks>A message over the limit is not read to its end.</remarks>
    public async ValueTask<FrameRead> Receive(CancellationToken cancellationToken)
    {
        var length = 0;
        Shrink();
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            }
            catch (WebSocketException exception)
            {
                return new(FrameReadKind.Closed, default, $"connection lost ({exception.WebSocketErrorCode})");
            }
            catch (Exception exception) when (exception is ObjectDisposedException or IOException)
            {
                // A failed send on the other direction aborts the socket, and a client's socket is disposed of by that.
                return new(FrameReadKind.Closed, default, "connection lost");
            }
            if (part.MessageType == WebSocketMessageType.Close)
                return new(FrameReadKind.Closed, default, socket.CloseStatusDescription is { Length: > 0 } words ? words : "closed by the other end");
            if (part.MessageType != WebSocketMessageType.Text)
                return new(FrameReadKind.NotText, default, "only text messages are spoken here");
            length += part.Count;
            if (length > maxIncomingBytes)
                return new(FrameReadKind.TooLarge, default, $"a frame may have {maxIncomingBytes} bytes");
            if (part.EndOfMessage)
                return new(FrameReadKind.Text, _buffer.AsMemory(0, length), "");
            if (length == _buffer.Length)
                Grow(length);
        }
    }

    public ValueTask Send(ServerFrame frame, CancellationToken cancellationToken)
    {
        FrameJson.Write(Cleared(), frame);
        return SendOutgoing(cancellationToken);
    }

    public ValueTask Send(AgentFrame frame, CancellationToken cancellationToken)
    {
        FrameJson.Write(Cleared(), frame);
        return SendOutgoing(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CloseOutput(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, reason.Length <= 100 ? reason : reason[..100], cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        socket.Dispose();
        _writer?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ValueTask SendOutgoing(CancellationToken cancellationToken) =>
        socket.SendAsync(_outgoing.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private Utf8JsonWriter Cleared()
    {
        if (_outgoing.Capacity > KeptSendBytes)
            _outgoing = new(256);
        _outgoing.ResetWrittenCount();
        _writer ??= FrameJson.NewWriter(_outgoing);
        _writer.Reset(_outgoing);
        return _writer;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(length * 2, maxIncomingBytes + 1));
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Shrink()
    {
        if (_buffer.Length <= IdleBufferBytes * 4)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(IdleBufferBytes);
    }
}
