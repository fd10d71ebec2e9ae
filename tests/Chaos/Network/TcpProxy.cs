using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Network;

/// <summary>A link between two processes on this machine that can be cut, stalled and slowed down.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly Func<IListener?> _listenerOfAnswers;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _open = new();
    private readonly Task _accepting;
    private volatile LinkWeather _weather = LinkWeather.Fair;

    private TcpProxy(TcpListener listener, int target, Func<IListener?>? listenerOfAnswers, TimeProvider time)
    {
        (_listener, _target, _listenerOfAnswers, _time) = (listener, target, listenerOfAnswers ?? (() => null), time);
        _accepting = Accept();
    }

    /// <summary>Where to connect to instead of the target.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public int Connections => _open.Count;

    public LinkWeather Weather
    {
        get => _weather;
        set
        {
            _weather = value;
            if (value.IsCut)
            {
                foreach (var connection in _open.Keys)
                    connection.Reset();
            }
        }
    }

    /// <param name="target">A port on this machine; nobody has to listen there yet.</param>
    /// <param name="listenerOfAnswers">Made for every connection: hears what comes back from the target, before it is passed on.</param>
    public static TcpProxy Start(int target, TimeProvider time, Func<IListener?>? listenerOfAnswers = null)
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, FreePort.Any());
            try
            {
                listener.Start(backlog: 512);
                return new TcpProxy(listener, target, listenerOfAnswers, time);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                listener.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _open.Keys)
            connection.Reset();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_open.Keys.Select(connection => connection.Ended));
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_end.Token);
            if (_weather.IsCut)
            {
                ProxiedConnection.Reset(client);
                continue;
            }

            var connection = new ProxiedConnection(client, _target, () => _weather, _listenerOfAnswers(), _time, _end.Token);
            _open[connection] = true;
            _ = Forget(connection);
        }
    }

    private async Task Forget(ProxiedConnection connection)
    {
        await connection.Ended;
        _open.TryRemove(connection, out _);
    }
}
