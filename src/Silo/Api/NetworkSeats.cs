using System.Collections.Concurrent;

namespace CocoonPool.Silo.Api;

/// <summary>Places that callers hold for a while: so many in all, and so many for one network, so that nobody can take them from all others.</summary>
public sealed class NetworkSeats(int most, int mostOfOneNetwork)
{
    private readonly ConcurrentDictionary<string, int> _ofNetwork = new(StringComparer.Ordinal);
    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    /// <summary>A place until it is disposed of, once or more often; null when there is none.</summary>
    public IDisposable? Take(string network)
    {
        var seat = new Seat(this, network);
        if (Interlocked.Increment(ref _taken) <= most & _ofNetwork.AddOrUpdate(network, 1, (_, n) => n + 1) <= mostOfOneNetwork)
            return seat;
        seat.Dispose();
        return null;
    }

    private void Leave(string network)
    {
        Interlocked.Decrement(ref _taken);
        if (_ofNetwork.AddOrUpdate(network, 0, (_, n) => n - 1) <= 0)
            _ofNetwork.TryRemove(new KeyValuePair<string, int>(network, 0));
    }

    private sealed class Seat(NetworkSeats seats, string network) : IDisposable
    {
        private NetworkSeats? _seats = seats;

        public void Dispose() => Interlocked.Exchange(ref _seats, null)?.Leave(network);
    }
}
