using System.Numerics;

namespace CocoonPool.Verifier;

/// <summary>
/// The rules of an epoch, stated a second time and on purpose in another way than the pool computes them: scores are
/// fractions taken literally from the rule book, and a quota's leftover nanoTON is found by ranking fractional parts.
/// </summary>
internal sealed class Recomputation
{
    public Recomputation(Claims claims)
    {
        var participants = claims.Participants;
        Judgements = Judgement.Of(claims);
        (Scores, WeightScale) = Score(claims, Judgements);
        Revenue = claims.RevenueLines.Aggregate(BigInteger.Zero, (sum, line) => sum + line);
        Shares = new BigInteger[participants.Length];
        Bonuses = new BigInteger[participants.Length];

        var total = Scores.Aggregate(Fraction.Zero, (sum, score) => sum + score);
        if (total.Numerator.IsZero)
        {
            CarriedOver = Revenue;
        }
        else
        {
            var fee = (new Fraction(Revenue, 1) * new Fraction(claims.FeeBps, 10_000)).Floor;
            Shares = LargestRemainder(Revenue - fee, Scores, total);
            Bonuses = AtMost(fee, Referrals.Due(claims, Judgements, Shares));
            ReferralBonuses = Sum(Bonuses);
            Fee = fee - ReferralBonuses;
        }

        Payables = [.. participants.Select((p, i) => claims.ClaimsArePayable || p.Schedule != "claim" ? Payable(p, Shares[i] + Bonuses[i]) : 0)];
    }

    public Judgement[] Judgements { get; }

    public Fraction[] Scores { get; }

    /// <summary>What turns a score into the whole-number weight that the bundle shows.</summary>
    public BigInteger WeightScale { get; }

    public BigInteger Revenue { get; }

    /// <summary>What is left of it to the operator.</summary>
    public BigInteger Fee { get; }

    public BigInteger ReferralBonuses { get; }

    public BigInteger CarriedOver { get; }

    public BigInteger[] Shares { get; }

    public BigInteger[] Bonuses { get; }

    public BigInteger[] Payables { get; }

    /// <summary><c>multiplier × Σ w·x ÷ Σx</c> over the dimensions that anybody eligible has, whose weights are scaled up to make one.</summary>
    private static (Fraction[] Scores, BigInteger Scale) Score(Claims claims, Judgement[] judgements)
    {
        var eligible = claims.Participants.Where((_, i) => judgements[i].IneligibleBecause is null).ToArray();
        var dimensions = Enumerable.Range(0, claims.DimensionWeights.Length)
            .Select(d => (Index: d, Weight: claims.DimensionWeights[d], Sum: eligible.Aggregate(BigInteger.Zero, (sum, p) => sum + p.Tallies[d])))
            .Where(d => d.Weight > 0 && d.Sum > 0)
            .ToArray();
        var live = dimensions.Sum(d => d.Weight);

        // The bundle's weights are numerators over the product of the sums, with weights in basis points and multipliers in ppm.
        var scale = dimensions.Aggregate(new BigInteger(1_000_000) * live, (product, d) => product * d.Sum);
        var scores = claims.Participants.Select((p, i) =>
        {
            var score = Fraction.Zero;
            foreach (var (index, weight, sum) in judgements[i].IneligibleBecause is null ? dimensions : [])
                score += new Fraction(weight, live) * new Fraction(p.Tallies[index], sum);
            return score * new Fraction(judgements[i].MultiplierPpm, 1_000_000);
        });
        return ([.. scores], scale);
    }

    private static BigInteger[] LargestRemainder(BigInteger amount, Fraction[] scores, Fraction total)
    {
        var perUnit = new Fraction(amount, 1) / total;
        var quotas = scores.Select(score => score * perUnit).ToArray();
        var shares = quotas.Select(quota => quota.Floor).ToArray();
        var left = amount - shares.Aggregate(BigInteger.Zero, (sum, share) => sum + share);

        // Participants come by ascending address, so a stable sort leaves ties to the lower one.
        var ranking = quotas.Select((quota, i) => (Part: quota.FractionalPart, i)).OrderByDescending(entry => entry.Part, Fraction.ByValue);
        foreach (var (_, i) in ranking.Take((int)left))
            shares[i]++;
        return shares;
    }

    /// <summary>The amounts as they are, or a limit shared by them when they exceed it.</summary>
    private static BigInteger[] AtMost(BigInteger limit, BigInteger[] due)
    {
        var sum = Sum(due);
        return sum <= limit ? due : LargestRemainder(limit, [.. due.Select(one => new Fraction(one, 1))], new Fraction(sum, 1));
    }

    private static BigInteger Sum(BigInteger[] amounts) => amounts.Aggregate(BigInteger.Zero, (sum, one) => sum + one);

    private static BigInteger Payable(ParticipantClaims participant, BigInteger earned)
    {
        var balance = participant.CarriedInNano + earned;
        return balance >= participant.MinPayoutNano ? balance : 0;
    }
}
