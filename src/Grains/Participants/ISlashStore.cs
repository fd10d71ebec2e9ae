using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Pool;

namespace CocoonPool.Grains.Participants;

/// <summary>The pool's slashes, each changed in one database transaction with its ledger lines and with the event that tells of it.</summary>
public interface ISlashStore
{
    Task<Slash?> Find(string poolId, string slashId, CancellationToken cancellationToken = default);

    /// <summary>A participant's slashes, newest first.</summary>
    Task<IReadOnlyList<Slash>> List(string poolId, TonAddress participant, CancellationToken cancellationToken = default);

    /// <summary>Writes the slash and holds its amount. One that is there already is left as it is.</summary>
    /// <exception cref="Ledger.LedgerRefusedException">The stake has become too small for the amount; nothing was written.</exception>
    Task Open(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes the slash's new state with its ledger lines, if it is pending still; a final one costs reputation in the same transaction.
    /// Repeating it after it was done changes nothing.
    /// </summary>
    Task Change(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default);
}
