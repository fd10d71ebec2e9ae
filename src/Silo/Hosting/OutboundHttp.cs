using System.Net;
using System.Net.Sockets;

namespace CocoonPool.Silo.Hosting;

/// <summary>An address that a caller gave leads to a place that the pool does not go for them.</summary>
public sealed class OutboundRefusedException(string message) : Exception(message);

/// <summary>
/// HTTP to addresses that callers give, such as webhooks. Every address that a name resolves to is judged, and the connection goes to
/// the judged address itself: a name that answers differently the second time changes nothing. Redirects are not followed, because
/// they name a new place, and no proxy is used, because it would resolve for itself.
/// </summary>
public static class OutboundHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int LargestAnswer = 64 << 10;

    /// <summary>Networks that are not the public internet: RFC 6890 and its successors, the cloud's metadata services among them.</summary>
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <param name="allow">Further addresses that the operator allows, such as a receiver inside the company; none when left out.</param>
    /// <param name="resolve">How names become addresses; DNS when left out.</param>
    public static HttpClient Create(Func<IPAddress, bool>? allow = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        SslOptions = new() { EnabledSslProtocols = TransportGuard.Outgoing },
        MaxResponseHeadersLength = 16,
        ConnectTimeout = Patience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellationToken) => Connect(context.DnsEndPoint, allow ?? (_ => false), resolve ?? Dns.GetHostAddressesAsync, cancellationToken),
    })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>What is wrong with an address that somebody gives, before anything is sent; null when it may be tried.</summary>
    /// <param name="development">Plain HTTP is taken as well.</param>
    public static string? Problem(string? text, bool development) => text switch
    {
        not { Length: > 0 and <= 2048 } => "url is an https address of at most 2048 characters.",
        _ when !Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (development && url.Scheme == Uri.UriSchemeHttp)) => "url is an absolute https address.",
        _ when new Uri(text) is { UserInfo.Length: > 0 } => "url carries no user name or password.",
        _ => null,
    };

    public static bool IsPublic(IPAddress address)
    {
        var judged = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // 64:ff9b::/96 and ::/96 carry an IPv4 address that is meant: it is the one to judge.
        if (judged.AddressFamily == AddressFamily.InterNetworkV6 && judged.GetAddressBytes() is var bytes
            && (bytes.AsSpan(0, 12).SequenceEqual((byte[])[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) || bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0))
            judged = new IPAddress(bytes.AsSpan(12));
        return !Array.Exists(Closed, n => n.Contains(judged));
    }

    private static async ValueTask<Stream> Connect(
        DnsEndPoint to, Func<IPAddress, bool> allow, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await resolve(to.Host, cancellationToken);
        // One closed address among open ones is how a name is made to lead inside on the second try.
        if (addresses.Length == 0 || Array.Exists(addresses, a => !IsPublic(a) && !allow(a)))
            throw new OutboundRefusedException($"'{to.Host}' leads to an address that is not on the public internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
