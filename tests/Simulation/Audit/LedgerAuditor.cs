using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Ledger;
using CocoonPool.PoolSimulation.Database;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>Replays the books line by line: chain, ids, balances, reservations; and after every commit that the pool could pay everybody.</summary>
internal sealed class LedgerAuditor(PoolDatabase database, Action<string> objectTo)
{
    private readonly Dictionary<string, (long Balance, long Reserved)> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Transfer> _held = new(StringComparer.Ordinal);
    private byte[] _head = new byte[32];
    private int _read;

    public long Balance(string account) => _accounts.GetValueOrDefault(account).Balance;

    public void Committed()
    {
        if (_read == database.Ledger.Lines.Count)
            return;
        for (; _read < database.Ledger.Lines.Count; _read++)
            Replay(database.Ledger.Lines[_read]);
        foreach (var (account, figures) in _accounts)
        {
            if (account != "chain:hot-wallet" && (figures.Balance < 0 || figures.Balance < figures.Reserved))
                objectTo($"account {account} holds {figures.Balance} with {figures.Reserved} reserved");
        }

        var assets = _accounts.Where(a => a.Key.StartsWith("chain:", StringComparison.Ordinal) && a.Key != "chain:hot-wallet").Sum(a => a.Value.Balance);
        var owed = _accounts.Where(a => !IsDebitSide(a.Key) && a.Key != "burned").Sum(a => a.Value.Balance);
        if (assets < owed)
            objectTo($"the pool owes {owed} and holds {assets} after line {_read}");
    }

    /// <summary>Whatever was held and can be decided has been decided.</summary>
    public void JudgeAtTheEnd()
    {
        foreach (var id in _held.Keys)
        {
            var part = id.Split('/');
            var mayBeOpen = part[0] switch
            {
                // What waits to be claimed may wait for ever; that it is covered on chain is the chain's auditor's business.
                "settlement" when part[2] == "held" => database.Settlements[int.Parse(part[1])].Held.Any(h => h.Entry.Participant.ToString() == part[3] && h.State != Domain.Settlement.HoldState.Claimed),
                "settlement" => database.Epochs.Find(new(int.Parse(part[1])))!.Phase != Domain.Epochs.EpochState.Settled,
                "slash" => database.Slashes[part[1]].IsPending,
                _ => false,
            };
            if (!mayBeOpen)
                objectTo($"reservation {id} of {_held[id].Amount} never ended");
        }

        foreach (var (account, figures) in database.Ledger.Accounts)
        {
            if (_accounts.GetValueOrDefault(account.Value) != (figures.Balance.Value, figures.Reserved.Value))
                objectTo($"account {account} is kept as {figures.Balance} ({figures.Reserved}) and its lines make {_accounts.GetValueOrDefault(account.Value)}");
        }
    }

    private static bool IsDebitSide(string account) => account.StartsWith("chain:", StringComparison.Ordinal) || account == "network:fees";

    private void Replay(ChainedTransfer line)
    {
        var transfer = line.Transfer;
        var text = string.Join('\n', line.Sequence, transfer.Id, (int)transfer.Action, transfer.Debit, transfer.Credit, transfer.Amount, (int)transfer.Kind, transfer.Reference,
            transfer.At.ToUnixTimeMilliseconds(), transfer.Reservation) + "\n";
        if (line.Sequence != _read + 1 || !line.PreviousHash.AsSpan().SequenceEqual(_head) || !line.Hash.AsSpan().SequenceEqual(SHA256.HashData([.. _head, .. Encoding.UTF8.GetBytes(text)])))
            objectTo($"the hash chain breaks at line {line.Sequence} ({transfer.Id})");
        _head = line.Hash;
        if (!_ids.Add(transfer.Id))
            objectTo($"transfer {transfer.Id} stands in the books twice");
        if (transfer.Amount.Value <= 0)
            objectTo($"transfer {transfer.Id} moves {transfer.Amount}");
        switch (transfer.Action)
        {
            case TransferAction.Post:
                Move(transfer);
                break;
            case TransferAction.Reserve:
                _held[transfer.Id] = transfer;
                Hold(transfer, transfer.Amount.Value);
                break;
            default:
                End(transfer);
                break;
        }
    }

    private void End(Transfer transfer)
    {
        if (transfer.Reservation is null || !_held.Remove(transfer.Reservation, out var held) || held.Amount != transfer.Amount)
        {
            objectTo($"transfer {transfer.Id} ends a reservation that is not held");
            return;
        }

        Hold(held, -held.Amount.Value);
        if (transfer.Action == TransferAction.PostReserved)
            Move(transfer);
    }

    private void Move(Transfer transfer)
    {
        Change(transfer.Debit.Value, IsDebitSide(transfer.Debit.Value) ? transfer.Amount.Value : -transfer.Amount.Value, 0);
        Change(transfer.Credit.Value, IsDebitSide(transfer.Credit.Value) ? -transfer.Amount.Value : transfer.Amount.Value, 0);
    }

    /// <summary>Money is held where it would be taken from: on either side that the transfer lowers.</summary>
    private void Hold(Transfer transfer, long amount)
    {
        if (!IsDebitSide(transfer.Debit.Value))
            Change(transfer.Debit.Value, 0, amount);
        if (IsDebitSide(transfer.Credit.Value))
            Change(transfer.Credit.Value, 0, amount);
    }

    private void Change(string account, long balance, long reserved)
    {
        var held = _accounts.GetValueOrDefault(account);
        _accounts[account] = (held.Balance + balance, held.Reserved + reserved);
    }
}
