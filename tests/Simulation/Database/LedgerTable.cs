using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;

namespace CocoonPool.PoolSimulation.Database;

/// <summary>The books as the database keeps them: lines, chained, and the accounts' figures.</summary>
public sealed class LedgerTable
{
    private readonly LedgerBook _book = new();
    private readonly List<ChainedTransfer> _lines = [];

    public IReadOnlyList<ChainedTransfer> Lines => _lines;

    public IReadOnlyDictionary<AccountName, AccountFigures> Accounts => _book.Accounts;

    public AccountFigures this[AccountName account] => _book[account];

    /// <summary>All or nothing.</summary>
    /// <exception cref="LedgerRefusedException">A transfer was refused; nothing was written.</exception>
    public IReadOnlyList<TransferResult> Append(IReadOnlyList<Transfer> transfers)
    {
        var results = _book.ApplyAll(transfers, out var refused);
        if (refused is not null)
            throw new LedgerRefusedException(refused, results[^1]);
        for (var i = 0; i < transfers.Count; i++)
        {
            if (results[i] != TransferResult.Recorded)
                continue;
            var previous = _lines.Count == 0 ? LedgerChain.Genesis : _lines[^1].Hash;
            var sequence = _lines.Count + 1;
            _lines.Add(new(sequence, transfers[i], previous, LedgerChain.Hash(previous, sequence, transfers[i])));
        }

        return results;
    }
}
