using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Ledger;

/// <summary>
/// The durable books of a pool. Every write orders itself behind all others of the pool, so there is one writer at a time and no
/// deadlock; concurrent calls are committed together.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Applies the transfers in order and all or nothing: the first refusal undoes the whole list.</summary>
    /// <exception cref="LedgerRefusedException">A transfer was refused; nothing was written.</exception>
    /// <exception cref="LedgerBusyException">There was no commit in time. The transfers may still be recorded; the same call again says so.</exception>
    Task<IReadOnlyList<TransferResult>> Append(string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    Task<AccountFigures> Account(string poolId, AccountName account, CancellationToken cancellationToken = default);

    Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(string poolId, CancellationToken cancellationToken = default);

    /// <summary>The transfers after a sequence number, in order.</summary>
    Task<IReadOnlyList<ChainedTransfer>> Transfers(string poolId, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>Replays every transfer as of one moment: rules, sums, balances and the hash chain. Reads all of them, one after the other.</summary>
    Task<LedgerVerification> Verify(string poolId, CancellationToken cancellationToken = default);
}

/// <param name="HeadHash">The hash of the last transfer, lower-case hexadecimal.</param>
/// <param name="FirstProblem">Null when all is right, else the first thing that is not.</param>
public sealed record LedgerVerification(long Transfers, string HeadHash, string? FirstProblem);

/// <summary>The books could not be written in time: too many wait, or the database is away.</summary>
public sealed class LedgerBusyException() : TimeoutException("The ledger took no commit in time; ask again with the same transfer ids.");

/// <summary>A step asked for a transfer that the books' rules refuse: a bug in the step, or money that is not there.</summary>
public sealed class LedgerRefusedException(Transfer transfer, TransferResult result)
    : InvalidOperationException($"The ledger refused transfer '{transfer.Id}' ({transfer.Amount} nanoTON from {transfer.Debit} to {transfer.Credit}): {result}.")
{
    public TransferResult Result { get; } = result;
}
