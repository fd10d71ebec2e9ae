using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

public enum WithdrawalState
{
    /// <summary>Asked for. Can be cancelled, and the stake can still be slashed.</summary>
    Waiting = 0,

    /// <summary>Paid, as the chain shows.</summary>
    Completed = 2,
    Cancelled = 3,
}

/// <summary>One request to get stake back.</summary>
/// <param name="Id">Unique for the participant, such as <c>w3</c>.</param>
/// <param name="Full">Everything there is; the participant leaves the pool with it.</param>
/// <param name="Amount">As asked for; less after a slash that took of it.</param>
/// <param name="DueAt">When it may be paid: told by the stake account once the request is on chain, expected before.</param>
/// <param name="Released">What was paid.</param>
/// <param name="Transaction">Of the payment on chain.</param>
/// <param name="OnChain">The participant's wallet has asked the stake account for it. Without that it is an announcement.</param>
public sealed record StakeWithdrawal(
    string Id,
    bool Full,
    Nanotons Amount,
    DateTimeOffset RequestedAt,
    DateTimeOffset DueAt,
    WithdrawalState State,
    Nanotons Released,
    string? Transaction,
    bool OnChain)
{
    /// <summary>True as long as it ties up stake that the ledger does not hold.</summary>
    public bool IsWaiting => State == WithdrawalState.Waiting;
}
