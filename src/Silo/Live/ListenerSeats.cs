using System.Collections.Concurrent;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>How many may listen at once, to all feeds together: so many in all, and so many of one network.</summary>
public sealed class ListenerSeats
{
    private const int Most = 1_000;
    private const int MostOfOneNetwork = 100;

    private readonly ConcurrentDictionary<string, int> _ofNetwork = new(StringComparer.Ordinal);
    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a seat until it is disposed of.</summary>
    /// <exception cref="ApiException">503: all are taken.</exception>
    public IDisposable Take(string network)
    {
        var seat = new Seat(this, network);
        if (Interlocked.Increment(ref _taken) <= Most & _ofNetwork.AddOrUpdate(network, 1, (_, n) => n + 1) <= MostOfOneNetwork)
            return seat;
        seat.Dispose();
        throw new ApiException(503, "service_unavailable", "Too many listeners; try again later.") { RetryAfterSeconds = 30 };
    }

    private void Leave(string network)
    {
        Interlocked.Decrement(ref _taken);
        if (_ofNetwork.AddOrUpdate(network, 0, (_, n) => n - 1) <= 0)
            _ofNetwork.TryRemove(new KeyValuePair<string, int>(network, 0));
    }

    private sealed class Seat(ListenerSeats seats, string network) : IDisposable
    {
        private ListenerSeats? _seats = seats;

        public void Dispose() => Interlocked.Exchange(ref _seats, null)?.Leave(network);
    }
}
