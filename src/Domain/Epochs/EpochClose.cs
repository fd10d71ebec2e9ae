using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Epochs;

/// <summary>When a participant wants to be paid.</summary>
public enum PayoutSchedule
{
    /// <summary>After each epoch in which the balance reaches the minimum.</summary>
    EveryEpoch = 0,

    /// <summary>As soon as the balance reaches the minimum, which the participant set as a threshold.</summary>
    Threshold = 1,

    /// <summary>Not sent: once the balance reaches the minimum it is reserved in the contract, and the participant claims it with a proof.</summary>
    Claim = 2,
}

/// <summary>What a participant did in an epoch, kept running as contributions arrive. All numbers add up when accounts merge.</summary>
/// <param name="AdjustedTokens">Of successful tasks.</param>
/// <param name="GpuMilliseconds">Attested GPUs online, each millisecond.</param>
/// <param name="Tasks">Successful tasks.</param>
/// <param name="QualityTokens">Σ adjusted tokens × quality in ppm.</param>
/// <param name="FailedTasks">Tasks that failed by the worker's fault; told to people, not scored.</param>
public sealed record ParticipantTally(
    TonAddress Participant,
    BigInteger AdjustedTokens,
    BigInteger GpuMilliseconds,
    BigInteger Tasks,
    BigInteger QualityTokens,
    long FailedTasks);

/// <summary>A participant at the close of an epoch: what was counted and recorded, and nothing that follows from it (see <see cref="Standing"/>).</summary>
/// <param name="ExpectedGpuMilliseconds">The uptime that the participant's workers could have had; see <see cref="ExpectedUptime"/>.</param>
/// <param name="JoinedAt">Whole milliseconds.</param>
/// <param name="AttestedGpus">Brought at the close.</param>
/// <param name="Reputation">Before this epoch; see <see cref="Participants.Reputation"/>.</param>
/// <param name="CarriedIn">Unpaid rewards of earlier epochs.</param>
/// <param name="Referrer">Who brought the participant; need not be among the entrants any more.</param>
public sealed record EpochEntrant(
    ParticipantTally Tally,
    BigInteger ExpectedGpuMilliseconds,
    DateTimeOffset JoinedAt,
    int AttestedGpus,
    int Reputation,
    bool Suspended,
    TonAddress PayoutAddress,
    Nanotons MinPayout,
    Nanotons CarriedIn,
    PayoutSchedule Schedule,
    TonAddress? Referrer = null);

/// <summary>Money that was really received for the epoch, by the id of the ledger transfer that booked it.</summary>
/// <param name="Kind">Such as <c>cocoon_payout</c>, <c>gateway</c>, <c>deposit</c>, or <c>carried_over</c> from the epoch before.</param>
public sealed record RevenueLine(string TransferId, string Kind, Nanotons Amount);

/// <summary>Everything that decides who gets what in an epoch.</summary>
/// <param name="Start">Whole milliseconds; inclusive.</param>
/// <param name="End">Whole milliseconds; exclusive.</param>
public sealed record EpochClose(
    EpochNumber Number,
    DateTimeOffset Start,
    DateTimeOffset End,
    ImmutableArray<RevenueLine> Revenue,
    ImmutableArray<EpochEntrant> Entrants,
    PoolParameters Parameters,
    string PoolId);
