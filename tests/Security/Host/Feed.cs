using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace CocoonPool.Security.Tests.Host;

/// <summary>Somebody who listens to one of the pool's feeds.</summary>
public sealed class Feed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <param name="who">Whose credential comes along; null for a stranger.</param>
    /// <exception cref="WebSocketException">The pool does not let them in.</exception>
    public static async Task<Feed> Open(PoolUnderAttack pool, string path, HttpClient? who = null)
    {
        var feed = new Feed();
        if (who?.DefaultRequestHeaders.Authorization is { } credential)
            feed._socket.Options.SetRequestHeader("Authorization", credential.ToString());
        await feed._socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = path }.Uri, TestContext.Current.CancellationToken);
        return feed;
    }

    /// <summary>Listens as a browser does: with the session's cookie, from a page of some site.</summary>
    /// <param name="origin">The page's site, such as <c>https://pool.example</c>.</param>
    /// <exception cref="WebSocketException">The pool does not let them in.</exception>
    public static async Task<Feed> OpenWithCookie(PoolUnderAttack pool, string path, string session, string origin)
    {
        var feed = new Feed();
        feed._socket.Options.SetRequestHeader("Cookie", $"__Host-cocoon-session={session}");
        feed._socket.Options.SetRequestHeader("Origin", origin);
        await feed._socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = path }.Uri, TestContext.Current.CancellationToken);
        return feed;
    }

    public Task Say(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next frame; null when the pool said goodbye.</summary>
    public async Task<JsonElement?> Next()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }

    /// <summary>The next frame that is looked for; what comes before it is passed over.</summary>
    public async Task<JsonElement> Next(Func<JsonElement, bool> isIt)
    {
        while (await Next() is { } frame)
        {
            if (isIt(frame))
                return frame;
        }
        throw new InvalidOperationException($"The feed ended with {_socket.CloseStatus}.");
    }

    /// <summary>Reads on until the pool says goodbye.</summary>
    public async Task<WebSocketCloseStatus?> End()
    {
        while (await Next() is not null)
        {
        }
        return _socket.CloseStatus;
    }

    public void Dispose() => _socket.Dispose();
}
