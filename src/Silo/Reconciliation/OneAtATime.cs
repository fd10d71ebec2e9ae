using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Reconciliation;

/// <summary>
/// Holds whole epochs in memory, so there is one at a time on this host. The second is turned away at once: waiting for its turn it would
/// only be asked for a third time.
/// </summary>
public sealed class OneAtATime : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="ApiException">Another one is under way.</exception>
    public IDisposable Enter() => _turn.Wait(0)
        ? new Turn(_turn)
        : throw new ApiException(409, "conflict", "Another reconciliation or audit of payments is under way; ask again when it is done.") { RetryAfterSeconds = 10 };

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
