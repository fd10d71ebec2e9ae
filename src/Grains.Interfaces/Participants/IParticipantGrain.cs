using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>One participant: state, payout settings and the GPUs they bring. Key: <c>pool/workchain:hex</c>.</summary>
[Alias("cocoon.IParticipantGrain")]
public interface IParticipantGrain : IGrainWithStringKey
{
    /// <summary>Joins the pool. A repeated call changes nothing and succeeds.</summary>
    [Alias("Register")]
    Task<Outcome<ParticipantDescription>> Register();

    [Alias("Describe")]
    Task<ParticipantDescription?> Describe();

    /// <summary>
    /// Reads the stake from the ledger and moves the state accordingly: active once it reaches the tier of the GPUs, suspended below it.
    /// </summary>
    [Alias("ReviewStake")]
    Task<Outcome<ParticipantDescription>> ReviewStake();

    /// <summary>
    /// May this worker take work? If the stake reaches the tier of all GPUs with this worker's, they are counted from now on; else
    /// refused with <c>stake_below_tier</c> and the missing amount, and the participant's other workers go on. Repeating it changes nothing.
    /// </summary>
    [Alias("AuthorizeActivation")]
    Task<Outcome> AuthorizeActivation(string workerId, int gpus);

    [Alias("ChangeSettings")]
    Task<Outcome<ParticipantDescription>> ChangeSettings(PayoutSettings settings);
}

/// <param name="MinPayout">Shares below it wait in the reward account for a later epoch.</param>
[GenerateSerializer, Immutable, Alias("cocoon.PayoutSettings")]
public sealed record PayoutSettings([property: Id(0)] Nanotons MinPayout);

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
    [property: Id(8)] int Reputation);
