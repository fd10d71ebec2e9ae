using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Ledger;

/// <summary>The durable books of a pool. Every write orders itself behind all others of the pool, so there is one writer at a time and no deadlock.</summary>
public interface ILedgerStore
{
    /// <summary>Applies the transfers in order and all or nothing: the first refusal undoes the whole list.</summary>
    /// <exception cref="LedgerRefusedException">A transfer was refused; nothing was written.</exception>
    Task<IReadOnlyList<TransferResult>> Append(string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default);

    Task<AccountFigures> Account(string poolId, AccountName account, CancellationToken cancellationToken = default);

    Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(string poolId, CancellationToken cancellationToken = default);

    /// <summary>The transfers after a sequence number, in order.</summary>
    Task<IReadOnlyList<ChainedTransfer>> Transfers(string poolId, long afterSequence, int limit, CancellationToken cancellationToken = default);
}

/// <summary>A step asked for a transfer that the books' rules refuse: a bug in the step, or money that is not there.</summary>
public sealed class LedgerRefusedException(Transfer transfer, TransferResult result)
    : InvalidOperationException($"The ledger refused transfer '{transfer.Id}' ({transfer.Amount} nanoTON from {transfer.Debit} to {transfer.Credit}): {result}.")
{
    public TransferResult Result { get; } = result;
}
