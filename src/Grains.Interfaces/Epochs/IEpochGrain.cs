using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Pool;

namespace CocoonPool.Grains.Epochs;

/// <summary>One epoch: closes it exactly once and keeps its result. Key: <c>pool/number</c>.</summary>
[Alias("cocoon.IEpochGrain")]
public interface IEpochGrain : IGrainWithStringKey
{
    [Alias("Describe")]
    Task<EpochDescription?> Describe();

    /// <summary>
    /// Closes the epoch with this end, or goes on where an interrupted closing stopped; a closed one answers its result again. Whoever
    /// asks while it is being closed waits for the same closing. It goes on when nobody waits any more: a caller that ran out of
    /// patience asks again.
    /// </summary>
    [Alias("Close"), AlwaysInterleave]
    Task<Outcome<EpochClosing>> Close(DateTimeOffset end);

    /// <summary>What a closing with this end would give now; changes nothing.</summary>
    [Alias("Preview")]
    Task<Outcome<EpochClosing>> Preview(DateTimeOffset end);

    /// <summary>What the participant would get if the epoch ended now; a few seconds old at most. Null when they are none, or the epoch is over.</summary>
    [Alias("Estimate")]
    Task<ParticipantEstimate?> Estimate(TonAddress participant);
}

/// <param name="ScorePpm">The participant's part of all weights.</param>
/// <param name="QualityPpm">Null without a task to judge by.</param>
/// <param name="IneligibleBecause">Null when eligible.</param>
[GenerateSerializer, Immutable, Alias("cocoon.ParticipantEstimate")]
public sealed record ParticipantEstimate(
    [property: Id(0)] Nanotons Share,
    [property: Id(1)] Nanotons ReferralBonus,
    [property: Id(2)] int ScorePpm,
    [property: Id(3)] int UptimeBps,
    [property: Id(4)] int? QualityPpm,
    [property: Id(5)] int MultiplierPpm,
    [property: Id(6)] string? IneligibleBecause,
    [property: Id(7)] DateTimeOffset AsOf);

[GenerateSerializer, Immutable, Alias("cocoon.EpochDescription")]
public sealed record EpochDescription(
    [property: Id(0)] EpochNumber Number,
    [property: Id(1)] EpochState Phase,
    [property: Id(2)] DateTimeOffset Start,
    [property: Id(3)] DateTimeOffset End,
    [property: Id(4)] Nanotons Revenue,
    [property: Id(5)] Nanotons Fee,
    [property: Id(6)] Nanotons CarriedOver,
    [property: Id(7)] string? MerkleRoot,
    [property: Id(8)] string? BundleHash,
    [property: Id(9)] int Participants);
