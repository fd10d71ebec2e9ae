using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>What an epoch came to. Always: the shares + <paramref name="Fee"/> + <paramref name="CarriedOver"/> = <paramref name="Revenue"/>.</summary>
/// <param name="CarriedOver">The whole revenue when nobody has a weight, else nothing.</param>
/// <param name="Participants">By ascending address.</param>
/// <param name="Payables">By ascending participant, indexed from 0 without gaps.</param>
/// <param name="MerkleRoot">Over the payables; 32 bytes, all zero when there is none.</param>
public sealed record EpochResult(
    Nanotons Revenue,
    Nanotons Fee,
    Nanotons CarriedOver,
    ImmutableArray<ParticipantResult> Participants,
    ImmutableArray<Payable> Payables,
    byte[] MerkleRoot);

/// <summary>What an epoch came to for one participant.</summary>
/// <param name="IneligibleBecause"><see cref="Eligibility.Suspended"/> or <see cref="Eligibility.UptimeBelowMinimum"/>; null when eligible.</param>
/// <param name="Payable">What settlement sends now: the share with what was carried in, or nothing.</param>
public sealed record ParticipantResult(
    EpochEntrant Entrant,
    bool Eligible,
    string? IneligibleBecause,
    BigInteger Weight,
    Nanotons Share,
    Nanotons Payable);

/// <summary>One entry of the epoch's payout tree.</summary>
public sealed record Payable(int Index, TonAddress Participant, TonAddress PayoutAddress, Nanotons Amount);
