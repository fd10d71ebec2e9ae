using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// Shares an amount by weight with the largest-remainder method (Hamilton): everybody gets the whole nanoTON of their
/// exact quota, and those that are left over go one each to the largest fractions, ties to the lower address.
/// The shares add up to the amount exactly, each is within one nanoTON of its quota, and the order of the list is irrelevant.
/// </summary>
public static class Split
{
    /// <summary>A share for each, in the list's order.</summary>
    /// <exception cref="ArgumentException">A weight is negative, an address comes twice, or there is money and no weight at all.</exception>
    public static ImmutableArray<Nanotons> Shares(Nanotons distributable, IReadOnlyList<(TonAddress Address, BigInteger Weight)> weights)
    {
        if (distributable.IsNegative)
            throw new ArgumentException("A negative amount cannot be shared.", nameof(distributable));
        var total = Total(weights);
        if (total.IsZero)
        {
            return distributable == Nanotons.Zero
                ? [.. weights.Select(_ => Nanotons.Zero)]
                : throw new ArgumentException("Nobody has a weight; the amount has to be carried over, not shared.", nameof(weights));
        }

        var shares = new Nanotons[weights.Count];
        var remainders = new BigInteger[weights.Count];
        var left = distributable.Value;
        for (var i = 0; i < shares.Length; i++)
        {
            var floor = BigInteger.DivRem(distributable.Value * weights[i].Weight, total, out remainders[i]);
            shares[i] = new((long)floor);
            left -= shares[i].Value;
        }

        foreach (var i in Enumerable.Range(0, shares.Length)
            .Where(i => !remainders[i].IsZero)
            .OrderByDescending(i => remainders[i])
            .ThenBy(i => weights[i].Address)
            .Take(checked((int)left)))
        {
            shares[i] += new Nanotons(1);
        }

        return [.. shares];
    }

    private static BigInteger Total(IReadOnlyList<(TonAddress Address, BigInteger Weight)> weights)
    {
        var seen = new HashSet<TonAddress>(weights.Count);
        var total = BigInteger.Zero;
        foreach (var (address, weight) in weights)
        {
            if (weight.Sign < 0)
                throw new ArgumentException($"The weight of {address} is negative.", nameof(weights));
            if (!seen.Add(address))
                throw new ArgumentException($"The address {address} comes twice, which leaves ties open.", nameof(weights));
            total += weight;
        }

        return total;
    }
}
