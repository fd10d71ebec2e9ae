using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>One participant: state, stake, payout settings and the GPUs they bring. Key: <c>pool/workchain:hex</c>.</summary>
[Alias("cocoon.IParticipantGrain")]
public interface IParticipantGrain : IGrainWithStringKey
{
    /// <summary>Joins the pool, perhaps brought by another participant. A repeated call changes nothing and succeeds.</summary>
    [Alias("Register")]
    Task<Outcome<ParticipantDescription>> Register(TonAddress? referrer = null);

    [Alias("Describe")]
    Task<ParticipantDescription?> Describe();

    /// <summary>
    /// Reads the stake from the ledger and moves the state accordingly: active once it reaches the tier of the GPUs, suspended below it.
    /// </summary>
    [Alias("ReviewStake")]
    Task<Outcome<ParticipantDescription>> ReviewStake();

    /// <summary>
    /// Reads the participant's stake account on chain, books what is new and reviews the stake. Refused with <c>chain_unreachable</c>,
    /// and with <c>not_found</c> for somebody who is no participant, whose stake is booked all the same.
    /// </summary>
    [Alias("FollowStake")]
    Task<Outcome<ParticipantDescription>> FollowStake();

    /// <summary>
    /// May this worker take work? If the stake reaches the tier of all GPUs with this worker's, and the pool does not come to hang on
    /// this participant, they are counted from now on; else refused with <c>stake_below_tier</c> or <c>concentration_exceeded</c>, and the
    /// participant's other workers go on. Repeating it changes nothing.
    /// </summary>
    [Alias("AuthorizeActivation")]
    Task<Outcome> AuthorizeActivation(string workerId, int gpus);

    /// <summary>The worker is gone for good: its GPUs ask for no stake any more. Repeating it changes nothing.</summary>
    [Alias("ReleaseWorker")]
    Task<Outcome> ReleaseWorker(string workerId);

    /// <summary>The operator's suspension; a top-up does not lift it.</summary>
    [Alias("Suspend")]
    Task<Outcome<ParticipantDescription>> Suspend(string reason);

    /// <summary>Lifts any suspension, if the stake reaches the tier.</summary>
    [Alias("Unsuspend")]
    Task<Outcome<ParticipantDescription>> Unsuspend();

    [Alias("ChangeSettings")]
    Task<Outcome<ParticipantDescription>> ChangeSettings(PayoutSettings settings);

    /// <summary>Asks for the whole reward balance to be paid with the running epoch, whatever the schedule is.</summary>
    [Alias("Claim")]
    Task<Outcome<ParticipantDescription>> Claim();

    /// <summary>
    /// Announces that stake is wanted back: an amount, or with null everything, which ends the participation. The participant's wallet then
    /// asks the stake account for it. The same request again answers the waiting one.
    /// </summary>
    [Alias("RequestWithdrawal")]
    Task<Outcome<WithdrawalDescription>> RequestWithdrawal(Nanotons? amount);

    [Alias("CancelWithdrawal")]
    Task<Outcome<WithdrawalDescription>> CancelWithdrawal(string withdrawalId);

    /// <summary>Looks at the chain whether the withdrawal is paid. The pool pays one that is due by itself; refused with what is missing.</summary>
    [Alias("CompleteWithdrawal")]
    Task<Outcome<WithdrawalDescription>> CompleteWithdrawal(string withdrawalId);

    /// <summary>All withdrawals, oldest first.</summary>
    [Alias("Withdrawals")]
    Task<WithdrawalDescription[]> Withdrawals();
}

/// <summary>What a participant changes; null leaves as it is.</summary>
/// <param name="MinPayout">Shares below it wait in the reward account for a later epoch.</param>
/// <param name="PayoutAddress">Takes effect after 48 hours.</param>
/// <param name="Muted">All kinds of events of which the participant does not want to be told; see <see cref="Notifications"/>.</param>
[GenerateSerializer, Immutable, Alias("cocoon.PayoutSettings")]
public sealed record PayoutSettings(
    [property: Id(0)] Nanotons? MinPayout,
    [property: Id(1)] PayoutSchedule? Schedule = null,
    [property: Id(2)] TonAddress? PayoutAddress = null,
    [property: Id(3)] string[]? Muted = null);

/// <param name="PayoutAddress">With the next two: see <see cref="PayoutDestination"/>.</param>
/// <param name="Stake">What is not held in the ledger.</param>
/// <param name="StakeHeld">Held by open slashes and by withdrawals on their way out.</param>
/// <param name="StakeLeaving">Asked back.</param>
/// <param name="SuspendedBecause">Why, while suspended, and while the whole stake leaves out of a suspension.</param>
/// <param name="Muted">See <see cref="Notifications"/>.</param>
[GenerateSerializer, Immutable, Alias("cocoon.ParticipantDescription")]
public sealed record ParticipantDescription(
    [property: Id(0)] TonAddress Address,
    [property: Id(1)] ParticipantState State,
    [property: Id(2)] DateTimeOffset JoinedAt,
    [property: Id(3)] TonAddress PayoutAddress,
    [property: Id(4)] Nanotons MinPayout,
    [property: Id(5)] Nanotons Stake,
    [property: Id(6)] Nanotons RequiredStake,
    [property: Id(7)] int Gpus,
    [property: Id(8)] int Reputation,
    [property: Id(9)] Nanotons StakeHeld,
    [property: Id(10)] Nanotons StakeLeaving,
    [property: Id(11)] PayoutSchedule Schedule,
    [property: Id(12)] TonAddress? NextPayoutAddress,
    [property: Id(13)] DateTimeOffset? NextPayoutFrom,
    [property: Id(14)] DateTimeOffset? ClaimRequestedAt,
    [property: Id(15)] TonAddress? Referrer,
    [property: Id(16)] string? SuspendedBecause,
    [property: Id(17)] string[] Muted)
{
    public PayoutDestination Destination => new(PayoutAddress, NextPayoutAddress, NextPayoutFrom ?? default);
}

/// <summary>A <see cref="StakeWithdrawal"/> between grains, and as the participant's grain keeps it.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.WithdrawalDescription")]
public sealed record WithdrawalDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] bool Full,
    [property: Id(2)] Nanotons Amount,
    [property: Id(3)] DateTimeOffset RequestedAt,
    [property: Id(4)] DateTimeOffset DueAt,
    [property: Id(5)] WithdrawalState State,
    [property: Id(6)] Nanotons Released,
    [property: Id(7)] string? Transaction,
    [property: Id(8)] bool OnChain = false)
{
    public StakeWithdrawal ToDomain() => new(Id, Full, Amount, RequestedAt, DueAt, State, Released, Transaction, OnChain);

    public static WithdrawalDescription Of(StakeWithdrawal withdrawal) => new(
        withdrawal.Id, withdrawal.Full, withdrawal.Amount, withdrawal.RequestedAt, withdrawal.DueAt, withdrawal.State, withdrawal.Released, withdrawal.Transaction, withdrawal.OnChain);
}
