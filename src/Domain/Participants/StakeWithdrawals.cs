using System.Collections.Immutable;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>
/// The rules of getting stake back. The pool checks a request against the tier before it is made; the stake account on chain makes it
/// wait and pays it. What the account did is followed whether or not it was announced: the coins are the participant's.
/// One request at a time.
/// </summary>
public static class StakeWithdrawals
{
    /// <summary>How many withdrawals may be announced in a day. All of them are kept, and announcing costs nothing.</summary>
    public const int MostInADay = 10;

    /// <summary>Why no further withdrawal is announced now, whatever it is for, or null.</summary>
    /// <param name="requestedAt">When the earlier ones were.</param>
    public static string? RefusalOfAnother(IEnumerable<DateTimeOffset> requestedAt, DateTimeOffset now) =>
        requestedAt.Count(at => at > now - TimeSpan.FromDays(1)) >= MostInADay ? "withdrawals_too_many" : null;

    /// <summary>Why part of the stake may not be asked back now, or null.</summary>
    /// <param name="required">The tier of the GPUs that the participant still brings, at least the lowest.</param>
    public static string? RefusalOfPartial(StakePosition stake, Nanotons amount, Nanotons required, bool isOneWaiting)
    {
        if (isOneWaiting)
            return "withdrawal_already_waiting";
        if (!amount.IsPositive)
            return "amount_not_positive";
        if (amount > stake.Available)
            return "stake_insufficient";
        return stake.Available - amount < required ? "stake_below_tier" : null;
    }

    /// <summary>Why the participant may not leave with the whole stake now, or null.</summary>
    public static string? RefusalOfFull(int gpus, bool isOneWaiting)
    {
        if (isOneWaiting)
            return "withdrawal_already_waiting";
        return gpus > 0 ? "workers_still_registered" : null;
    }

    /// <summary>Why the pool cannot cancel it, or null; cancelling twice is no mistake.</summary>
    public static string? RefusalOfCancel(StakeWithdrawal withdrawal) => withdrawal switch
    {
        { State: WithdrawalState.Completed } => "withdrawal_already_completed",
        { State: WithdrawalState.Waiting, OnChain: true } => "withdrawal_on_chain",
        _ => null,
    };

    /// <summary>Why the pool does not complete it now, or null.</summary>
    public static string? RefusalOfCompletion(StakeWithdrawal withdrawal, bool isSlashOpen, DateTimeOffset now) => withdrawal switch
    {
        { State: WithdrawalState.Cancelled } => "withdrawal_cancelled",
        { State: WithdrawalState.Completed } => null,
        { OnChain: false } => "withdrawal_not_on_chain",
        _ when isSlashOpen => "slash_open",
        _ => now < withdrawal.DueAt ? "withdrawal_not_due" : null,
    };

    /// <summary>The withdrawals after one more movement on chain.</summary>
    /// <param name="all">Oldest first.</param>
    /// <param name="stake">On chain after the movement.</param>
    /// <param name="delay">The pool's; the account's own time is read from its state.</param>
    public static ImmutableArray<StakeWithdrawal> Follow(ImmutableArray<StakeWithdrawal> all, StakeMovement movement, Nanotons stake, TimeSpan delay)
    {
        var last = all is [.., { IsWaiting: true } waiting] ? waiting : null;
        switch (movement.Kind)
        {
            case StakeMovementKind.WithdrawalRequested:
                var isFull = movement.Amount == stake;
                if (last is { OnChain: false } && (last.Full ? isFull : last.Amount == movement.Amount))
                    return all.SetItem(all.Length - 1, last with { OnChain = true, Amount = movement.Amount, DueAt = movement.At + delay });
                return Ended(all, last).Add(New(all.Length, isFull, movement, movement.At + delay));
            case StakeMovementKind.WithdrawalCancelled when last is { OnChain: true }:
                return Ended(all, last);
            case StakeMovementKind.Withdrawn:
                var paid = last is { OnChain: true } ? last : New(all.Length, isFull: stake == Nanotons.Zero, movement, movement.At);
                var before = last is { OnChain: true } ? all.RemoveAt(all.Length - 1) : Ended(all, last);
                return before.Add(paid with { State = WithdrawalState.Completed, Released = movement.Amount, Transaction = movement.Transaction });
            default:
                return all;
        }
    }

    private static StakeWithdrawal New(int earlier, bool isFull, StakeMovement movement, DateTimeOffset due) =>
        new($"w{earlier + 1}", isFull, movement.Amount, movement.At, due, WithdrawalState.Waiting, Nanotons.Zero, null, OnChain: true);

    private static ImmutableArray<StakeWithdrawal> Ended(ImmutableArray<StakeWithdrawal> all, StakeWithdrawal? last) =>
        last is null ? all : all.SetItem(all.Length - 1, last with { State = WithdrawalState.Cancelled });
}
