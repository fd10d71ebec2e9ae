using System.Collections.Immutable;

namespace CocoonPool.Client.Agent.Link;

/// <summary>
/// The pool's addresses in turn. Agents begin at a drawn one, so that a pool's agents spread over its silos, and stay where they
/// are until that address fails.
/// </summary>
internal sealed class PoolAddresses(ImmutableArray<Uri> addresses, Func<double> draw)
{
    private uint _turn = (uint)(draw() * addresses.Length);
    private int _failures;

    public Uri Current => addresses[(int)(Volatile.Read(ref _turn) % (uint)addresses.Length)];

    /// <summary>Whether every address has failed since the last <see cref="Succeeded"/>.</summary>
    public bool AllFailed => Volatile.Read(ref _failures) >= addresses.Length;

    /// <summary>The given address failed: the next one is the current one now, unless somebody has noticed that already.</summary>
    public void Failed(Uri address)
    {
        if (!ReferenceEquals(Current, address))
            return;
        Interlocked.Increment(ref _turn);
        Interlocked.Increment(ref _failures);
    }

    public void Succeeded() => Volatile.Write(ref _failures, 0);
}
