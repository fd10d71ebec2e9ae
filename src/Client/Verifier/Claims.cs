using System.Collections.Immutable;
using System.Numerics;

namespace CocoonPool.Verifier;

/// <summary>What a bundle says, read but not believed. Names as in the bundle.</summary>
/// <param name="ClaimsArePayable">Whether by the rules of its format a balance to be claimed is payable.</param>
internal sealed record Claims(
    string Pool,
    int Epoch,
    long StartUnixMs,
    long EndUnixMs,
    int FeeBps,
    int MinUptimeBps,
    int MaxConcentrationBps,
    ImmutableArray<int> DimensionWeights,
    ImmutableArray<long> RevenueLines,
    long RevenueNano,
    long FeeNano,
    long ReferralBonusesNano,
    long CarriedOverNano,
    ImmutableArray<ParticipantClaims> Participants,
    string MerkleRoot,
    bool ClaimsArePayable);

/// <param name="Tallies">Tokens, uptime, tasks, quality: in the order of <see cref="Claims.DimensionWeights"/>.</param>
internal sealed record ParticipantClaims(
    Address Address,
    Address PayoutAddress,
    ImmutableArray<BigInteger> Tallies,
    long FailedTasks,
    BigInteger ExpectedGpuMilliseconds,
    long JoinedUnixMs,
    int AttestedGpus,
    int ReputationBefore,
    bool Suspended,
    Address? Referrer,
    long CarriedInNano,
    long MinPayoutNano,
    string Schedule,
    StandingClaims Standing,
    BigInteger Weight,
    long ShareNano,
    long ReferralBonusNano,
    long PayableNano,
    int? PayableIndex);

/// <summary>What the pool says that it made of a participant; none of it is used, all of it is compared.</summary>
internal sealed record StandingClaims(
    int UptimeBps,
    int? QualityPpm,
    int MultiplierPpm,
    bool Eligible,
    string? IneligibleBecause,
    int ConcentrationBps,
    bool OverConcentration,
    int ReputationAfter);

/// <summary>A raw TON address. Ordered by workchain, then by the account hash.</summary>
internal sealed record Address(int Workchain, string HashHex)
{
    public static Address? TryParse(string text)
    {
        var parts = text.Split(':');
        if (parts is not [("0" or "-1") and var workchain, { Length: 64 } hex] || !hex.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')))
            return null;
        return new(workchain == "0" ? 0 : -1, hex);
    }

    /// <summary>Whether this address is lower. Hexadecimal digits of equal length and one case sort as the numbers they stand for.</summary>
    public bool IsBelow(Address other) =>
        Workchain < other.Workchain || (Workchain == other.Workchain && string.CompareOrdinal(HashHex, other.HashHex) < 0);

    public override string ToString() => $"{Workchain}:{HashHex}";
}
