using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

public enum StakeMovementKind
{
    /// <summary>A registration or a top-up.</summary>
    Deposited = 0,
    WithdrawalRequested = 1,
    WithdrawalCancelled = 2,

    /// <summary>Paid to the participant; the stake is less by the amount.</summary>
    Withdrawn = 3,

    /// <summary>Half burned, half sent to the treasury; the stake is less by the amount.</summary>
    Slashed = 4,
}

/// <summary>What one transaction of a stake account did, as the chain committed it.</summary>
/// <param name="Amount">Zero for a cancellation.</param>
/// <param name="SlashNumber">Of a slash: see <see cref="SlashRules.NumberOnChain"/>.</param>
public sealed record StakeMovement(long LogicalTime, string Transaction, StakeMovementKind Kind, Nanotons Amount, ulong? SlashNumber, DateTimeOffset At)
{
    /// <summary>What the stake is after this, if it was so much before.</summary>
    /// <exception cref="OverflowException">More left than was there: the movements are not those of one account.</exception>
    public Nanotons After(Nanotons before) => Kind switch
    {
        StakeMovementKind.Deposited => before + Amount,
        StakeMovementKind.Withdrawn or StakeMovementKind.Slashed when Amount > before => throw new OverflowException($"Transaction {Transaction} takes {Amount} of a stake of {before}."),
        StakeMovementKind.Withdrawn or StakeMovementKind.Slashed => before - Amount,
        _ => before,
    };
}

/// <summary>A stake account as it stood at a committed block.</summary>
/// <param name="Withdrawal">The part of the stake that waits to be paid back.</param>
/// <param name="UnlocksAt">When that may be paid; null while nothing waits.</param>
/// <param name="SuspendedUntil">Nothing is paid back before; null if there is no such time.</param>
public sealed record StakeAccountState(TonAddress Participant, Nanotons Stake, Nanotons Withdrawal, DateTimeOffset? UnlocksAt, DateTimeOffset? SuspendedUntil)
{
    public static StakeAccountState Empty(TonAddress participant) => new(participant, Nanotons.Zero, Nanotons.Zero, null, null);

    public bool IsSuspendedAt(DateTimeOffset time) => SuspendedUntil > time;
}
