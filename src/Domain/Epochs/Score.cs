using System.Collections.Immutable;
using System.Numerics;

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
    /// <summary>A weight for each entry, in the entries' order; 0 for one that is not eligible.</summary>
    public static ImmutableArray<BigInteger> Weights(IReadOnlyList<ScoreEntry> entries, ScoreWeights weights)
    {
        var dimensions = Dimensions(weights)
            .Select(dimension => (dimension.WeightBps, dimension.Of, Sum: SumOf(entries, dimension.Of)))
            .Where(dimension => dimension.WeightBps > 0 && !dimension.Sum.IsZero)
            .ToArray();
        var denominator = dimensions.Aggregate(BigInteger.One, (product, dimension) => product * dimension.Sum);
        var factors = dimensions.Select(dimension => (dimension.Of, Factor: dimension.WeightBps * (denominator / dimension.Sum))).ToArray();

        var result = ImmutableArray.CreateBuilder<BigInteger>(entries.Count);
        foreach (var entry in entries)
        {
            var numerator = BigInteger.Zero;
            if (entry.Eligible)
            {
                foreach (var (of, factor) in factors)
                    numerator += of(entry.Tally) * factor;
            }

            result.Add(entry.MultiplierPpm * numerator);
        }

        return result.MoveToImmutable();
    }

    private static (int WeightBps, Func<ParticipantTally, BigInteger> Of)[] Dimensions(ScoreWeights weights) =>
    [
        (weights.TokensBps, tally => tally.AdjustedTokens),
        (weights.UptimeBps, tally => tally.GpuMilliseconds),
        (weights.TasksBps, tally => tally.Tasks),
        (weights.QualityBps, tally => tally.QualityTokens),
    ];

    private static BigInteger SumOf(IReadOnlyList<ScoreEntry> entries, Func<ParticipantTally, BigInteger> of)
    {
        var sum = BigInteger.Zero;
        foreach (var entry in entries)
        {
            if (entry.Eligible)
                sum += of(entry.Tally);
        }

        return sum;
    }
}

/// <summary>What a score is made of.</summary>
public readonly record struct ScoreEntry(ParticipantTally Tally, int MultiplierPpm, bool Eligible);
