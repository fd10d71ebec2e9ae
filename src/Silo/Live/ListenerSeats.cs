using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>How many may listen at once, to all feeds together.</summary>
public sealed class ListenerSeats
{
    private readonly NetworkSeats _seats = new(most: 1_000, mostOfOneNetwork: 100);

    public int Taken => _seats.Taken;

    /// <summary>Takes a seat until it is disposed of.</summary>
    /// <exception cref="ApiException">503: all are taken.</exception>
    public IDisposable Take(string network) =>
        _seats.Take(network) ?? throw new ApiException(503, "service_unavailable", "Too many listeners; try again later.") { RetryAfterSeconds = 30 };
}
