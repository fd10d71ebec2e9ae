using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

public enum WithdrawalState
{
    /// <summary>Asked for. Can be cancelled, and the stake can still be slashed.</summary>
    Waiting = 0,

    /// <summary>Held in the books and on its way out; nothing stops it any more.</summary>
    Releasing = 1,

    /// <summary>Paid.</summary>
    Completed = 2,
    Cancelled = 3,
}

/// <summary>One request to get stake back.</summary>
/// <param name="Id">Unique for the participant, such as <c>w3</c>.</param>
/// <param name="Full">Everything that is left when it is completed; the participant leaves the pool.</param>
/// <param name="Amount">Of a partial one, as asked for; of a full one, what was there then.</param>
/// <param name="Released">What really went out: less than asked for after a slash.</param>
/// <param name="Transaction">Of the payment on chain.</param>
public sealed record StakeWithdrawal(
    string Id,
    bool Full,
    Nanotons Amount,
    DateTimeOffset RequestedAt,
    DateTimeOffset DueAt,
    WithdrawalState State,
    Nanotons Released,
    string? Transaction)
{
    /// <summary>True as long as it ties up stake that the ledger does not hold.</summary>
    public bool IsWaiting => State == WithdrawalState.Waiting;
}
