using System.Net.WebSockets;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>One outgoing WebSocket: works behind NAT and proxies.</summary>
internal sealed class WebSocketTransport : IPoolTransport
{
    public async Task<IFrameChannel> Connect(Uri poolUrl, CancellationToken cancellationToken)
    {
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
        client.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        var socket = new FrameSocket(client, LinkLimits.MaxServerFrameBytes);
        try
        {
            await client.ConnectAsync(LinkOf(poolUrl), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Abort();
            socket.Dispose();
            throw;
        }
    }

    private static Uri LinkOf(Uri poolUrl) => new UriBuilder(poolUrl)
    {
        Scheme = poolUrl.Scheme is "https" ? "wss" : "ws",
        Path = poolUrl.AbsolutePath.TrimEnd('/') + LinkLimits.Path,
    }.Uri;
}
