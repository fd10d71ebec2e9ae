namespace CocoonPool.Domain.Ledger;

/// <summary>
/// Replays a pool's transfers from the first one and says the first thing that does not fit. It remembers the accounts and the
/// reservations that are open, so that books of any length fit into memory; that no id comes twice is the database's unique key.
/// </summary>
public sealed class LedgerAudit
{
    private readonly LedgerBook _book = new();
    private readonly Dictionary<string, Transfer> _open = new(StringComparer.Ordinal);

    public long Transfers { get; private set; }

    public byte[] Head { get; private set; } = LedgerChain.Genesis;

    /// <summary>Null as long as all is right.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>Takes the next transfer in sequence.</summary>
    public void Next(ChainedTransfer line)
    {
        if (FirstProblem is not null)
            return;
        if (line.Sequence != Transfers + 1)
            FirstProblem = $"Transfer {Transfers + 1} is missing: {line.Sequence} follows {Transfers}.";
        else if (!line.PreviousHash.AsSpan().SequenceEqual(Head))
            FirstProblem = $"Transfer {line.Sequence} ('{line.Transfer.Id}') does not link to the one before it.";
        else if (!line.Hash.AsSpan().SequenceEqual(LedgerChain.Hash(Head, line.Sequence, line.Transfer)))
            FirstProblem = $"Transfer {line.Sequence} ('{line.Transfer.Id}') was changed: its hash does not fit its content.";
        else if (_book.Apply(line.Transfer) is var result and not TransferResult.Recorded)
            FirstProblem = $"Transfer {line.Sequence} ('{line.Transfer.Id}') breaks the rules: {result}.";
        else
            ForgetSettled(line.Transfer);
        Transfers = line.Sequence;
        Head = line.Hash;
    }

    private void ForgetSettled(Transfer transfer)
    {
        if (transfer.Action == TransferAction.Reserve)
        {
            _open.Add(transfer.Id, transfer);
            return;
        }

        _book.Forget(transfer);
        if (transfer.Reservation is not null && _open.Remove(transfer.Reservation, out var reservation))
            _book.Forget(reservation);
    }

    /// <summary>Compares the replayed figures with the stored ones.</summary>
    public void Compare(IReadOnlyDictionary<AccountName, AccountFigures> stored)
    {
        foreach (var account in _book.Accounts.Keys.Union(stored.Keys).OrderBy(a => a.Value, StringComparer.Ordinal))
        {
            var figures = stored.GetValueOrDefault(account);
            if (FirstProblem is null && figures != _book[account])
                FirstProblem = $"Account {account} holds {figures.Balance} (reserved {figures.Reserved}) and its transfers make {_book[account].Balance} (reserved {_book[account].Reserved}).";
        }
    }
}
