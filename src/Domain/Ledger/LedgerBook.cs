namespace CocoonPool.Domain.Ledger;

/// <summary>What became of one transfer. Every value but the first two is a refusal, and final for that transfer.</summary>
public enum TransferResult
{
    Recorded = 0,

    /// <summary>The same transfer had been recorded before; nothing changed.</summary>
    AlreadyRecorded = 1,
    IdConflict = 2,
    AmountNotPositive = 3,
    SameAccount = 4,
    InsufficientFunds = 5,
    ReservationNotFound = 6,
    ReservationEnded = 7,
    ReservationMismatch = 8,
    IdInvalid = 9,
}

/// <summary>An account's figures: what it holds, and how much of that is reserved.</summary>
public readonly record struct AccountFigures(Nanotons Balance, Nanotons Reserved)
{
    public Nanotons Available => Balance - Reserved;
}

/// <summary>
/// The rules of the books over the accounts and transfers that concern a step. Whoever stores the ledger loads those, applies the
/// new transfers in order, and writes the figures back in one database transaction.
/// </summary>
public sealed class LedgerBook
{
    private readonly Dictionary<AccountName, AccountFigures> _accounts = [];
    private readonly Dictionary<string, Transfer> _transfers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<AccountName, AccountFigures> Accounts => _accounts;

    public AccountFigures this[AccountName account] => _accounts.GetValueOrDefault(account);

    /// <summary>Puts an account in as it is stored.</summary>
    public void Load(AccountName account, AccountFigures figures) => _accounts[account] = figures;

    /// <summary>Puts a transfer in that is stored already; it marks its reservation, if it has one, as ended.</summary>
    public void Load(Transfer recorded)
    {
        _transfers[recorded.Id] = recorded;
        if (recorded.Reservation is not null)
            _ended.Add(recorded.Reservation);
    }

    /// <summary>Applies one transfer to the figures, or refuses it and changes nothing.</summary>
    public TransferResult Apply(Transfer transfer)
    {
        if (transfer.Id.Length is 0 or > 200)
            return TransferResult.IdInvalid;
        if (_transfers.TryGetValue(transfer.Id, out var recorded))
            return recorded.SameContentAs(transfer) ? TransferResult.AlreadyRecorded : TransferResult.IdConflict;
        if (!transfer.Amount.IsPositive)
            return TransferResult.AmountNotPositive;
        if (transfer.Debit == transfer.Credit)
            return TransferResult.SameAccount;
        var result = transfer.Action switch
        {
            TransferAction.Post => Move(transfer, releaseFirst: false),
            TransferAction.Reserve => Reserve(transfer),
            _ => EndReservation(transfer),
        };
        if (result == TransferResult.Recorded)
            Load(transfer);
        return result;
    }

    /// <summary>Applies the transfers in order and all or nothing: a refusal leaves the books as they were before the first of them.</summary>
    /// <param name="refused">The transfer that was refused, with the reason as the last result; null when all were taken.</param>
    public IReadOnlyList<TransferResult> ApplyAll(IReadOnlyList<Transfer> transfers, out Transfer? refused)
    {
        var before = new Dictionary<AccountName, AccountFigures>();
        var results = new List<TransferResult>(transfers.Count);
        foreach (var transfer in transfers)
        {
            before.TryAdd(transfer.Debit, this[transfer.Debit]);
            before.TryAdd(transfer.Credit, this[transfer.Credit]);
            var result = Apply(transfer);
            results.Add(result);
            if (result is TransferResult.Recorded or TransferResult.AlreadyRecorded)
                continue;
            foreach (var (account, figures) in before)
                _accounts[account] = figures;
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i] == TransferResult.Recorded)
                    Forget(transfers[i]);
            }

            refused = transfer;
            return results;
        }

        refused = null;
        return results;
    }

    /// <summary>
    /// Forgets a transfer and keeps what it did to the figures: for whoever replays more transfers than fit into memory and has another
    /// proof that no id comes twice. A reservation must be kept until its end was applied.
    /// </summary>
    public void Forget(Transfer transfer)
    {
        _transfers.Remove(transfer.Id);
        if (transfer.Reservation is not null)
            _ended.Remove(transfer.Reservation);
    }

    private TransferResult EndReservation(Transfer transfer)
    {
        if (transfer.Reservation is null || !_transfers.TryGetValue(transfer.Reservation, out var reservation) || reservation.Action != TransferAction.Reserve)
            return TransferResult.ReservationNotFound;
        if (reservation.Debit != transfer.Debit || reservation.Credit != transfer.Credit || reservation.Amount != transfer.Amount)
            return TransferResult.ReservationMismatch;
        if (_ended.Contains(transfer.Reservation))
            return TransferResult.ReservationEnded;
        if (transfer.Action == TransferAction.PostReserved)
            return Move(transfer, releaseFirst: true);
        Release(transfer);
        return TransferResult.Recorded;
    }

    private TransferResult Move(Transfer transfer, bool releaseFirst)
    {
        if (releaseFirst)
            Release(transfer);
        if (!CanTake(transfer))
        {
            if (releaseFirst)
                Hold(transfer);
            return TransferResult.InsufficientFunds;
        }
        Change(transfer.Debit, transfer.Debit.Side == AccountSide.Debit ? transfer.Amount : -transfer.Amount);
        Change(transfer.Credit, transfer.Credit.Side == AccountSide.Credit ? transfer.Amount : -transfer.Amount);
        return TransferResult.Recorded;
    }

    private TransferResult Reserve(Transfer transfer)
    {
        if (!CanTake(transfer))
            return TransferResult.InsufficientFunds;
        Hold(transfer);
        return TransferResult.Recorded;
    }

    private bool CanTake(Transfer transfer) =>
        Lowered(transfer).All(account => account.MayBeNegative || this[account].Available >= transfer.Amount);

    private void Hold(Transfer transfer)
    {
        foreach (var account in Lowered(transfer))
            _accounts[account] = this[account] with { Reserved = this[account].Reserved + transfer.Amount };
    }

    private void Release(Transfer transfer)
    {
        foreach (var account in Lowered(transfer))
            _accounts[account] = this[account] with { Reserved = this[account].Reserved - transfer.Amount };
    }

    private void Change(AccountName account, Nanotons by) => _accounts[account] = this[account] with { Balance = this[account].Balance + by };

    /// <summary>The accounts whose balance the transfer lowers: a debited credit account, a credited debit account, both or neither.</summary>
    private static IEnumerable<AccountName> Lowered(Transfer transfer)
    {
        if (transfer.Debit.Side == AccountSide.Credit)
            yield return transfer.Debit;
        if (transfer.Credit.Side == AccountSide.Debit)
            yield return transfer.Credit;
    }
}
