using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>
/// One listener's end of a feed. Sends frames one after another and hears what little a listener has to say. One that takes nothing, that
/// talks too much or in too long sentences is shown out: none of them costs the pool more than a frame and a buffer.
/// </summary>
/// <param name="socket">An open socket; the caller owns it.</param>
public sealed class Listener(WebSocket socket, TimeProvider time) : IDisposable
{
    /// <summary>Everything that one listener may say. Each message counts as 64 bytes at least, so that empty ones are not free.</summary>
    private const int MostBytesHeard = 64 << 10;
    private const int LongestMessage = 4 << 10;
    private const int ShortestMessage = 64;

    /// <summary>A frame is small; whoever has not taken it after this time takes none.</summary>
    public static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends one frame.</summary>
    /// <exception cref="OperationCanceledException">The listener took nothing for too long, or the feed is over.</exception>
    /// <exception cref="WebSocketException">The listener is gone.</exception>
    public Task Send(object frame, CancellationToken gone) => Send(JsonSerializer.SerializeToUtf8Bytes(frame, ApiJson.Options), gone);

    /// <inheritdoc cref="Send(object, CancellationToken)"/>
    public async Task Send(ReadOnlyMemory<byte> frame, CancellationToken gone)
    {
        using var patience = new CancellationTokenSource(SendPatience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone, patience.Token);
        // A socket takes one frame at a time, and answers to what was said come beside the feed's own.
        await _turn.WaitAsync(over.Token);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, over.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Listens until the listener says goodbye or too much, and answers the goodbye.</summary>
    /// <param name="said">Called with every whole message; null for feeds whose listeners have nothing to say.</param>
    public async Task Hear(Func<ReadOnlyMemory<byte>, Task>? said, CancellationToken gone)
    {
        var (buffer, length, heard) = (new byte[LongestMessage], 0, 0);
        var goodbye = WebSocketCloseStatus.PolicyViolation;
        while (heard <= MostBytesHeard)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), gone);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                goodbye = WebSocketCloseStatus.NormalClosure;
                break;
            }
            heard += Math.Max(part.Count, ShortestMessage);
            length = said is null ? 0 : length + part.Count;
            if (part.EndOfMessage && said is not null)
            {
                await said(buffer.AsMemory(0, length));
                length = 0;
            }
            else if (length == LongestMessage)
            {
                break;
            }
        }
        await Close(goodbye, gone);
    }

    /// <summary>Says goodbye without waiting for the answer.</summary>
    public async Task Close(WebSocketCloseStatus status, CancellationToken gone)
    {
        await _turn.WaitAsync(gone);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, null, gone);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
