using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>What completing a withdrawal comes to: an amount, or a refusal.</summary>
public readonly record struct WithdrawalRuling(Nanotons Amount, string? Refusal)
{
    public bool Accepted => Refusal is null;

    public static WithdrawalRuling Refuse(string code) => new(Nanotons.Zero, code);
}

/// <summary>
/// The rules of getting stake back: request, wait for the pool's withdrawal delay, complete. One request at a time. Until it is
/// completed the stake can be slashed, so what is paid is decided at the end.
/// </summary>
public static class StakeWithdrawals
{
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

    /// <summary>What is paid when a waiting withdrawal is completed now.</summary>
    /// <param name="stake">The position; what this withdrawal waits for is not part of <see cref="StakePosition.Held"/>.</param>
    /// <param name="required">As for the request. A full withdrawal owes nothing to a tier.</param>
    /// <param name="isSlashOpen">While a slash may be appealed nobody leaves: were it voided, its stake would have no participant.</param>
    public static WithdrawalRuling Complete(StakeWithdrawal withdrawal, StakePosition stake, Nanotons required, bool isSlashOpen, DateTimeOffset now)
    {
        if (withdrawal.State != WithdrawalState.Waiting)
            return WithdrawalRuling.Refuse(withdrawal.State == WithdrawalState.Cancelled ? "withdrawal_cancelled" : "withdrawal_already_completed");
        if (now < withdrawal.DueAt)
            return WithdrawalRuling.Refuse("withdrawal_not_due");
        if (withdrawal.Full)
            return isSlashOpen ? WithdrawalRuling.Refuse("slash_open") : new(stake.Available, null);

        // A slash since the request is borne by what was to go out, never by the tier.
        var free = stake.Available - required;
        return free.IsPositive ? new(Nanotons.Min(withdrawal.Amount, free), null) : WithdrawalRuling.Refuse("stake_below_tier");
    }

    /// <summary>Why it can not be cancelled, or null; cancelling twice is no mistake.</summary>
    public static string? RefusalOfCancel(StakeWithdrawal withdrawal) => withdrawal.State switch
    {
        WithdrawalState.Waiting or WithdrawalState.Cancelled => null,
        _ => "withdrawal_already_completed",
    };
}
