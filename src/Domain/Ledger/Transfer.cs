namespace CocoonPool.Domain.Ledger;

/// <summary>What a transfer is for. The number is stored; a name never changes its number.</summary>
public enum TransferKind
{
    Revenue = 1,
    StakeDeposit = 2,
    EpochFee = 3,
    EpochShare = 4,
    CarryOver = 5,
    Payout = 6,
    PayoutConfirmed = 7,
    NetworkFee = 8,
    ClientDeposit = 9,
    ClientPayment = 10,

    /// <summary>A payout that is not sent: held until its participant claims it on chain.</summary>
    PayoutHeld = 11,

    /// <summary>Out of the operator's fee, to a referrer or a referee.</summary>
    ReferralBonus = 20,

    /// <summary>A stake that goes back to its participant.</summary>
    StakeWithdrawal = 21,

    /// <summary>Part of a stake, held while a slash may be appealed and taken when it is final.</summary>
    Slash = 22,
    SlashBurned = 23,
    SlashToTreasury = 24,

    /// <summary>A correction by hand, wanted by two people.</summary>
    Adjustment = 40,
}

/// <summary>How a transfer acts. Reserving holds the amount where it would be taken from until the reservation is ended, once.</summary>
public enum TransferAction
{
    /// <summary>Moves the amount at once.</summary>
    Post = 0,

    /// <summary>Holds the amount (status <c>pending</c>).</summary>
    Reserve = 1,

    /// <summary>Moves what a reservation holds (status <c>posted</c>).</summary>
    PostReserved = 2,

    /// <summary>Gives back what a reservation holds, because the operation failed or was withdrawn (status <c>voided</c>).</summary>
    VoidReserved = 3,

    /// <summary>Gives back what a reservation holds, because its time ran out (status <c>expired</c>).</summary>
    ExpireReserved = 4,
}

/// <summary>One line of the books: moves an amount from the credit account's side to the debit account's side, or reserves it.</summary>
/// <param name="Id">Chosen by the caller and stable over repeats, 1 to 200 characters, such as <c>epoch/3/share/0:ab…</c>.</param>
/// <param name="Reference">What it belongs to outside the ledger: a transaction hash, an epoch, a task.</param>
/// <param name="At">When, UTC, whole milliseconds. Part of the hash, not of the identity: a repeat may come at another time.</param>
/// <param name="Reservation">The id of the reservation that this ends; null for Post and Reserve.</param>
public sealed record Transfer(
    string Id,
    AccountName Debit,
    AccountName Credit,
    Nanotons Amount,
    TransferKind Kind,
    string Reference,
    DateTimeOffset At,
    TransferAction Action = TransferAction.Post,
    string? Reservation = null)
{
    /// <summary>True when the other transfer asks for the same thing: a repeat of it gets the same answer.</summary>
    public bool SameContentAs(Transfer other) => this with { At = other.At } == other;

    /// <summary>Ends this reservation as posted, voided or expired, under an id derived from its own.</summary>
    public Transfer End(TransferAction action, DateTimeOffset at)
    {
        var suffix = action switch
        {
            TransferAction.PostReserved => "post",
            TransferAction.VoidReserved => "void",
            TransferAction.ExpireReserved => "expire",
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "A reservation is posted, voided or expired."),
        };
        return this with { Id = $"{Id}/{suffix}", Action = action, Reservation = Id, At = at };
    }
}

/// <summary>A line with its place in the pool's hash chain.</summary>
/// <param name="Sequence">From 1, without gaps.</param>
public sealed record ChainedTransfer(long Sequence, Transfer Transfer, byte[] PreviousHash, byte[] Hash);
