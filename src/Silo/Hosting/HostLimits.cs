using CocoonPool.Silo.Api;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace CocoonPool.Silo.Hosting;

/// <summary>What one caller, or all of them, can make the server hold.</summary>
public static class HostLimits
{
    /// <summary>Requests and streams at once; a socket costs some kilobytes, so this is about 200 MB at the worst.</summary>
    public const long Connections = 20_000;

    public const long WebSockets = 5_000;

    /// <summary>
    /// A request goes on in the pool's thread that read it, instead of being handed to another one: two hand-overs less for each way. That
    /// is unsafe only where handlers block their thread; here nothing does.
    /// </summary>
    public static void Apply(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Request and response headers are ASCII, and nothing that a client sends is reflected into them.
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyLimit.Other;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MaxConcurrentConnections = Connections;
        limits.MaxConcurrentUpgradedConnections = WebSockets;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.HeaderTableSize = 4 << 10;
        limits.Http2.MaxRequestHeaderFieldSize = 8 << 10;
        kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = TransportGuard.Protocols(kestrel.ApplicationServices.GetRequiredService<IConfiguration>()));
    }
}
