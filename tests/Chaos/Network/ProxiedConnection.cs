using System.Net;
using System.Net.Sockets;

namespace CocoonPool.Chaos.Network;

/// <summary>One connection through a link: both directions, until either end closes or the link is cut.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    private const int PieceBytes = 32 * 1024;

    /// <summary>How often a stalled connection looks whether it may go on.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    private readonly Socket _client;
    private readonly Socket _target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Func<LinkWeather> _weather;
    private readonly TimeProvider _time;

    public ProxiedConnection(Socket client, int target, Func<LinkWeather> weather, IListener? listener, TimeProvider time, CancellationToken cancellationToken)
    {
        (_client, _weather, _time) = (client, weather, time);
        client.NoDelay = true;
        Ended = Run(target, listener, cancellationToken);
    }

    /// <summary>Completes, never fails, when both directions are over.</summary>
    public Task Ended { get; }

    public void Dispose() => Reset();

    public void Reset()
    {
        Reset(_client);
        Reset(_target);
    }

    /// <summary>The other end sees "connection reset" and not an orderly end.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }

    private async Task Run(int target, IListener? listener, CancellationToken cancellationToken)
    {
        // The accepting loop must not wait for a target that is stalled or away.
        await Task.Yield();
        try
        {
            await _target.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), cancellationToken);
            await Task.WhenAll(Pump(_client, _target, null, cancellationToken), Pump(_target, _client, listener, cancellationToken));
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone: so is the other.
        }
        finally
        {
            Reset();
        }
    }

    private async Task Pump(Socket from, Socket to, IListener? listener, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(piece, SocketFlags.None, cancellationToken) is var length and > 0)
            {
                listener?.Hear(piece.AsSpan(0, length));
                await Pass(cancellationToken);
                for (var sent = 0; sent < length;)
                    sent += await to.SendAsync(piece.AsMemory(sent, length - sent), SocketFlags.None, cancellationToken);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction waits in a read that would never end.
            Reset();
            throw;
        }
    }

    private async Task Pass(CancellationToken cancellationToken)
    {
        if (_weather().Delay is { Ticks: > 0 } delay)
            await Task.Delay(delay, _time, cancellationToken);
        while (_weather().IsStalled)
            await Task.Delay(Look, _time, cancellationToken);
    }
}
