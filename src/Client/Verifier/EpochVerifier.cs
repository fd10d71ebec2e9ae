using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace CocoonPool.Verifier;

/// <summary>
/// Recomputes an epoch from its published bundle alone: uptime, quality, eligibility, multipliers, concentration,
/// reputation, weights, fee, shares, referral bonuses, payables, the Merkle root and the
/// list hashes of the batches. This assembly shares no code with the pool, so a mistake there is not repeated here.
/// What the bundle only reports (which transfers brought the revenue, how many tasks failed, where the unpaid would be
/// paid) cannot be recomputed; it is protected by the bundle's hash, which is on chain.
/// </summary>
public static class EpochVerifier
{
    private const int BatchSize = 250;
    private const int MaxDifferences = 1000;

    /// <summary>Never throws for what the bytes contain: whatever is wrong with them is in the report.</summary>
    /// <param name="publishedHash">The bundle's hash from the chain or the database, in hex; compared when given.</param>
    public static VerificationReport Verify(ReadOnlySpan<byte> bundleJson, string? publishedHash = null)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bundleJson));
        try
        {
            using var document = CanonicalForm.Parse(bundleJson);
            var claims = BundleReader.Read(document.RootElement);
            return Compare(claims, new Recomputation(claims), hash, publishedHash);
        }
        catch (BundleRefusedException refused)
        {
            return new(false, [refused.Message], "", 0, 0, 0, 0, 0, [], [], "", hash);
        }
    }

    private static VerificationReport Compare(Claims claims, Recomputation rules, string hash, string? publishedHash)
    {
        if (rules.Revenue + claims.Participants.Aggregate(BigInteger.Zero, (sum, p) => sum + p.CarriedInNano) > long.MaxValue)
            throw new BundleRefusedException("bundle holds more nanoTON than fit in 64 bits.");

        var differences = new Differences();
        if (publishedHash is not null)
            differences.Check("hash of the bundle", publishedHash.ToLowerInvariant(), hash);
        differences.Check("bundle.revenue_nano", rules.Revenue, claims.RevenueNano);

        // In the order in which one follows from the other, so that the first difference is nearest to what was changed.
        for (var i = 0; i < claims.Participants.Length; i++)
            CompareStanding(differences, $"bundle.participants[{i}]", claims.Participants[i].Standing, rules.Judgements[i]);
        differences.Check("bundle.fee_nano", rules.Fee, claims.FeeNano);
        differences.Check("bundle.referral_bonuses_nano", rules.ReferralBonuses, claims.ReferralBonusesNano);
        differences.Check("bundle.carried_over_nano", rules.CarriedOver, claims.CarriedOverNano);

        // Claimed entries stand behind all that are sent.
        var sent = Enumerable.Range(0, claims.Participants.Length).Count(i => !rules.Payables[i].IsZero && claims.Participants[i].Schedule != "claim");
        var (nextSent, nextClaimed) = (0, sent);
        var entries = new SortedDictionary<int, Push>();
        for (var i = 0; i < claims.Participants.Length; i++)
        {
            var participant = claims.Participants[i];
            CompareParticipant(differences, $"bundle.participants[{i}]", participant, rules, i);
            int? index = rules.Payables[i].IsZero ? null : participant.Schedule == "claim" ? nextClaimed++ : nextSent++;
            differences.Check($"bundle.participants[{i}].payable_index", Word(index), Word(participant.PayableIndex));
            if (index is { } place)
                entries.Add(place, new(place, participant.PayoutAddress, rules.Payables[i]));
        }

        var pushes = entries.Values.ToList();
        var root = Convert.ToHexStringLower(ChainHashes.MerkleRoot(claims.Epoch, pushes.ToArray()));
        differences.Check("bundle.merkle_root", root, claims.MerkleRoot);
        return new(
            differences.None,
            differences.ToImmutable(),
            claims.Pool,
            claims.Epoch,
            (long)rules.Revenue,
            (long)rules.Fee,
            (long)rules.ReferralBonuses,
            (long)rules.CarriedOver,
            [.. claims.Participants.Select((p, i) => new VerifiedParticipant(
                p.Address.ToString(), rules.Judgements[i].IneligibleBecause is null, (long)rules.Shares[i], (long)rules.Payables[i], p.PayoutAddress.ToString()))],
            [.. pushes.Take(sent).Chunk(BatchSize).Select((batch, index) => new VerifiedBatch(
                index, batch.Length, batch.Sum(push => (long)push.Amount), Convert.ToHexStringLower(ChainHashes.ListHash(batch))))],
            root,
            hash);
    }

    private static void CompareStanding(Differences differences, string path, StandingClaims claimed, Judgement rules)
    {
        differences.Check($"{path}.uptime_bps", rules.UptimeBps, claimed.UptimeBps);
        differences.Check($"{path}.quality_ppm", Word(rules.QualityPpm), Word(claimed.QualityPpm));
        differences.Check($"{path}.eligible", Word(rules.IneligibleBecause is null), Word(claimed.Eligible));
        differences.Check($"{path}.ineligible_because", rules.IneligibleBecause ?? "null", claimed.IneligibleBecause ?? "null");
        differences.Check($"{path}.multiplier_ppm", rules.MultiplierPpm, claimed.MultiplierPpm);
        differences.Check($"{path}.concentration_bps", rules.ConcentrationBps, claimed.ConcentrationBps);
        differences.Check($"{path}.over_concentration", Word(rules.OverConcentration), Word(claimed.OverConcentration));
        differences.Check($"{path}.reputation_after", rules.ReputationAfter, claimed.ReputationAfter);
    }

    private static string Word(bool value) => value ? "true" : "false";

    private static string Word(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static void CompareParticipant(Differences differences, string path, ParticipantClaims claimed, Recomputation rules, int i)
    {
        differences.Check($"{path}.weight", (rules.Scores[i] * new Fraction(rules.WeightScale, 1)).ToString(), claimed.Weight.ToString(CultureInfo.InvariantCulture));
        differences.Check($"{path}.share_nano", rules.Shares[i], claimed.ShareNano);
        differences.Check($"{path}.referral_bonus_nano", rules.Bonuses[i], claimed.ReferralBonusNano);
        differences.Check($"{path}.payable_nano", rules.Payables[i], claimed.PayableNano);
    }

    /// <summary>Gathers differences up to a bound, so that one wrong parameter in a large pool does not fill the screen.</summary>
    private sealed class Differences
    {
        private readonly List<string> _found = [];
        private int _count;

        public bool None => _count == 0;

        public void Check(string path, BigInteger expected, long found) =>
            Check(path, expected.ToString(CultureInfo.InvariantCulture), found.ToString(CultureInfo.InvariantCulture));

        public void Check(string path, string expected, string found)
        {
            if (string.Equals(expected, found, StringComparison.Ordinal))
                return;
            if (++_count <= MaxDifferences)
                _found.Add($"{path}: expected {expected}, found {found}.");
        }

        public ImmutableArray<string> ToImmutable() =>
            _count <= MaxDifferences ? [.. _found] : [.. _found, $"… and {_count - MaxDifferences} more."];
    }
}
