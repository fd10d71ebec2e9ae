using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// The score of each participant: <c>multiplier × Σ over dimensions d of w(d) × x(d) ÷ Σx(d)</c>, where the sums run over
/// the eligible participants, so that somebody who earns nothing cannot shift the balance among those who do.
/// A dimension whose sum is zero is left out; as only the proportions of weights matter, leaving it out spreads its
/// weight over the others in proportion. The fractions are brought over one common denominator, the product of the sums
/// that are not zero, and the numerators are the weights: exact integers.
/// </summary>
public static class Score
{
    /// <summary>A weight for each entrant, in the entrants' order; 0 for one that is not eligible.</summary>
    public static ImmutableArray<BigInteger> Weights(IReadOnlyList<EpochEntrant> entrants, PoolParameters parameters)
    {
        var eligible = entrants.Select(entrant => Eligibility.RefusalOf(entrant, parameters) is null).ToArray();
        var dimensions = Dimensions(parameters.Weights)
            .Select(dimension => (dimension.WeightBps, dimension.Of, Sum: SumOf(entrants, eligible, dimension.Of)))
            .Where(dimension => dimension.WeightBps > 0 && !dimension.Sum.IsZero)
            .ToArray();
        var denominator = dimensions.Aggregate(BigInteger.One, (product, dimension) => product * dimension.Sum);
        var factors = dimensions.Select(dimension => (dimension.Of, Factor: dimension.WeightBps * (denominator / dimension.Sum))).ToArray();

        var weights = ImmutableArray.CreateBuilder<BigInteger>(entrants.Count);
        for (var i = 0; i < entrants.Count; i++)
        {
            var tally = entrants[i].Tally;
            var numerator = BigInteger.Zero;
            if (eligible[i])
            {
                foreach (var (of, factor) in factors)
                    numerator += of(tally) * factor;
            }

            weights.Add(entrants[i].MultiplierPpm * numerator);
        }

        return weights.MoveToImmutable();
    }

    private static (int WeightBps, Func<ParticipantTally, BigInteger> Of)[] Dimensions(ScoreWeights weights) =>
    [
        (weights.TokensBps, tally => tally.AdjustedTokens),
        (weights.UptimeBps, tally => tally.GpuMilliseconds),
        (weights.TasksBps, tally => tally.Tasks),
        (weights.QualityBps, tally => tally.QualityTokens),
    ];

    private static BigInteger SumOf(IReadOnlyList<EpochEntrant> entrants, bool[] eligible, Func<ParticipantTally, BigInteger> of)
    {
        var sum = BigInteger.Zero;
        for (var i = 0; i < entrants.Count; i++)
        {
            if (eligible[i])
                sum += of(entrants[i].Tally);
        }

        return sum;
    }
}
