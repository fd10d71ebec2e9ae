using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// What an epoch came to. Always: the shares + <paramref name="ReferralBonuses"/> + <paramref name="Fee"/> + <paramref name="CarriedOver"/>
/// = <paramref name="Revenue"/>, and <paramref name="Fee"/> + <paramref name="ReferralBonuses"/> = floor(revenue × fee_bps ÷ 10000).
/// </summary>
/// <param name="Fee">What the operator keeps after the bonuses.</param>
/// <param name="CarriedOver">The whole revenue when nobody has a weight, else nothing.</param>
/// <param name="Participants">By ascending address.</param>
/// <param name="Payables">Those that are sent, then those that are claimed, each by ascending participant; indexed from 0 without gaps.</param>
/// <param name="MerkleRoot">Over the payables; 32 bytes, all zero when there is none.</param>
public sealed record EpochResult(
    Nanotons Revenue,
    Nanotons Fee,
    Nanotons ReferralBonuses,
    Nanotons CarriedOver,
    ImmutableArray<ParticipantResult> Participants,
    ImmutableArray<Payable> Payables,
    byte[] MerkleRoot);

/// <summary>What an epoch came to for one participant.</summary>
/// <param name="ReferralBonus">As a referrer and as a referee; see <see cref="Referral"/>.</param>
/// <param name="Payable">What settlement pays now, sent or to be claimed: share, bonus and what was carried in, or nothing.</param>
public sealed record ParticipantResult(
    EpochEntrant Entrant,
    Standing Standing,
    BigInteger Weight,
    Nanotons Share,
    Nanotons ReferralBonus,
    Nanotons Payable);

/// <summary>One entry of the epoch's payout tree.</summary>
/// <param name="ToClaim">Reserved in the contract until its owner claims it, instead of being sent.</param>
public sealed record Payable(int Index, TonAddress Participant, TonAddress PayoutAddress, Nanotons Amount, bool ToClaim = false);
