using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CocoonPool.Bench.Gateway;

/// <summary>How one request went.</summary>
/// <param name="FirstByte">Until the first byte of the answer's body.</param>
internal readonly record struct Asked(bool Succeeded, TimeSpan FirstByte, TimeSpan Total);

/// <summary>
/// One client with one kept connection, which sends the same bytes again and again and blocks for the answer: two system calls a
/// request, so that on the machine's few cores the load costs little beside what it is meant to measure.
/// </summary>
internal sealed class HttpCaller : IDisposable
{
    private readonly Uri _url;
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;

    /// <param name="key">Sent to every contender, also to those that do not look at it: all requests are the same.</param>
    public HttpCaller(string url, string key, string body)
    {
        _url = new(url);
        _request = Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {_url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>Asks once and reads the whole answer; a broken connection is a failed request, and the next one opens another.</summary>
    public Asked Ask()
    {
        try
        {
            _socket ??= Connect();
            var start = Stopwatch.GetTimestamp();
            _socket.Send(_request);
            return Read(_socket, start);
        }
        catch (SocketException)
        {
            Dispose();
            return default;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private Asked Read(Socket socket, long start)
    {
        var (length, first) = (0, default(TimeSpan));
        var chunked = false;
        int? whole = null;
        while (true)
        {
            var read = socket.Receive(_buffer.AsSpan(length));
            if (read == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            length += read;
            var message = _buffer.AsSpan(0, length);
            if (HttpText.HeadLength(message) is not { } head)
                continue;
            if (whole is null)
            {
                whole = head + HttpText.ContentLength(message[..head]);
                chunked = whole == head;
            }
            if (first == default && length > head)
                first = Stopwatch.GetElapsedTime(start);
            if (chunked ? message.EndsWith("\r\n0\r\n\r\n"u8) : length >= whole)
                return new(message.StartsWith("HTTP/1.1 200"u8), first, Stopwatch.GetElapsedTime(start));
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(IPAddress.Loopback, _url.Port);
        return socket;
    }
}
