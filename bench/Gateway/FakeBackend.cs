using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CocoonPool.Bench.Gateway;

/// <summary>
/// An OpenAI back end that takes no time to think: a whole answer at once, a stream with its first token at once and twenty more at
/// 20 ms. Plain sockets and a thread for each connection, because it shares the machine's cores with what is measured: it costs
/// two system calls a request, where a web framework would cost more than the proxy in front of it.
/// </summary>
internal sealed class FakeBackend : IDisposable
{
    public const string Model = "bench";
    public const int Pieces = 21;
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const int LargestRequest = 16 * 1024;

    private static readonly byte[] Models = Answer($$"""{"object":"list","data":[{"id":"{{Model}}"}]}""");
    private static readonly byte[] Whole = Answer("""{"id":"c","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"Silk comes from cocoons."},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":6,"total_tokens":18}}""");
    private static readonly byte[] Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();
    private static readonly byte[] Piece = Chunk("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" silk\"},\"finish_reason\":null}]}\n\n");
    private static readonly byte[] Done = [.. Chunk("data: [DONE]\n\n"), .. "0\r\n\r\n"u8];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FakeBackend()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Url = $"http://{_listener.LocalEndPoint}";
        Start(Accept);
    }

    public string Url { get; }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                connection.NoDelay = true;
                Start(() => Serve(connection));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private static void Serve(Socket connection)
    {
        using var _ = connection;
        var buffer = new byte[LargestRequest];
        var length = 0;
        try
        {
            while (connection.Receive(buffer.AsSpan(length)) is > 0 and var read)
            {
                length += read;
                var request = buffer.AsSpan(0, length);
                if (HttpText.HeadLength(request) is not { } head || length < head + HttpText.ContentLength(request[..head]))
                    continue;
                Answer(connection, request);
                length = 0;
            }
        }
        catch (SocketException)
        {
            // The other end went away.
        }
    }

    private static void Answer(Socket connection, ReadOnlySpan<byte> request)
    {
        if (request.StartsWith("GET "u8))
        {
            connection.Send(Models);
            return;
        }
        if (request.IndexOf("\"stream\":true"u8) < 0)
        {
            connection.Send(Whole);
            return;
        }
        connection.Send((byte[])[.. Head, .. Piece]);
        for (var i = 1; i < Pieces; i++)
        {
#pragma warning disable RS0030 // No waiting for something: the time between two tokens is what this back end is for.
            Thread.Sleep(Pause);
#pragma warning restore RS0030
            connection.Send(Piece);
        }
        connection.Send(Done);
    }

    private static void Start(Action run) => new Thread(() => run(), maxStackSize: 256 * 1024) { IsBackground = true }.Start();

    private static byte[] Answer(string body) => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static byte[] Chunk(string text) => Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");
}
