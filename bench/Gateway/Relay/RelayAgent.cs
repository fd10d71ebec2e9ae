using System.Net.Http.Headers;
using System.Net.WebSockets;

namespace CocoonPool.Bench.Gateway.Relay;

/// <summary>The relay's other end: every frame becomes a request to the back end, its answer a frame.</summary>
internal static class RelayAgent
{
    public const string Command = "relay-agent";

    /// <summary>Says one line when it is connected, and runs until the door is gone.</summary>
    public static async Task Run(Uri door, Uri backend, TextWriter output)
    {
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(door) { Scheme = "ws", Path = "/link" }.Uri, CancellationToken.None);
        using var socket = new RelaySocket(client);
        await output.WriteLineAsync("connected");
        await output.FlushAsync();
        await socket.ReadAll((name, body) => _ = Serve(name, body));

        async Task Serve(long name, byte[] body)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.PostAsync(new Uri(backend, "/v1/chat/completions"), content);
            await socket.Send(name, await response.Content.ReadAsByteArrayAsync());
        }
    }
}
