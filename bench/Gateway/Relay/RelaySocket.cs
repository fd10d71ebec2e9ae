using System.Buffers.Binary;
using System.Net.WebSockets;

namespace CocoonPool.Bench.Gateway.Relay;

/// <summary>The relay's frames: eight bytes that name the request, then its body. Nothing is encoded, nothing is read.</summary>
internal sealed class RelaySocket(WebSocket socket) : IDisposable
{
    private const int NameBytes = 8;

    private readonly SemaphoreSlim _sending = new(1, 1);

    public async Task Send(long name, ReadOnlyMemory<byte> body)
    {
        var frame = new byte[NameBytes + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(frame, name);
        body.CopyTo(frame.AsMemory(NameBytes));
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Hands every frame on as it comes, until the other end is gone.</summary>
    public async Task ReadAll(Action<long, byte[]> received)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                received(BinaryPrimitives.ReadInt64LittleEndian(buffer), buffer.AsSpan(NameBytes, length - NameBytes).ToArray());
            }
        }
        catch (WebSocketException)
        {
            // The benchmark is over.
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }
}
