using System.Collections.Immutable;

namespace CocoonPool.Verifier;

/// <summary>
/// What came out of recomputing an epoch from its bundle. When the bundle could not even be read, the one difference says
/// why and everything that would have been computed is empty.
/// </summary>
/// <param name="Ok">Whether nothing differs.</param>
/// <param name="Differences">One sentence each: where, what was expected, what was found. The first is the nearest to what was changed: later ones may follow from it.</param>
/// <param name="FeeNano">What the operator keeps after the referral bonuses.</param>
/// <param name="Participants">Recomputed, by ascending address.</param>
/// <param name="Batches">Recomputed for batches of 250, the most that one transaction pays.</param>
/// <param name="MerkleRoot">Recomputed; lower-case hex.</param>
/// <param name="BundleHash">SHA-256 of the bytes that were read; lower-case hex. Compare it with the one on chain.</param>
public sealed record VerificationReport(
    bool Ok,
    ImmutableArray<string> Differences,
    string Pool,
    int Epoch,
    long RevenueNano,
    long FeeNano,
    long ReferralBonusesNano,
    long CarriedOverNano,
    ImmutableArray<VerifiedParticipant> Participants,
    ImmutableArray<VerifiedBatch> Batches,
    string MerkleRoot,
    string BundleHash);

/// <summary>What the rules give to one participant.</summary>
/// <param name="Address">Raw form.</param>
/// <param name="PayoutAddress">Raw form.</param>
public sealed record VerifiedParticipant(string Address, bool Eligible, long ShareNano, long PayableNano, string PayoutAddress);

/// <summary>A batch as the distribution contract knows it.</summary>
/// <param name="ListHash">Representation hash of the payout list; lower-case hex.</param>
public sealed record VerifiedBatch(int Index, int Count, long TotalNano, string ListHash);
