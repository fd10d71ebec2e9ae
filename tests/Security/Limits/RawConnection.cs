using System.Net.Sockets;
using System.Text;

namespace CocoonPool.Security.Tests.Limits;

/// <summary>A connection on which anything can be said, also what no HTTP client would.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RawConnection> Open(Uri url)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(url.Host, url.Port);
        return connection;
    }

    public async Task<bool> Say(string text)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>All that comes until the server closes, or until it has been quiet for a while.</summary>
    public async Task<(string Text, bool Closed)> Hear(TimeSpan patience)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        using var stop = new CancellationTokenSource(patience);
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            return (text.ToString(), true);
        }
        catch (OperationCanceledException)
        {
            return (text.ToString(), false);
        }
        catch (IOException)
        {
            return (text.ToString(), true);
        }
    }

    public void Dispose() => _client.Dispose();
}
