using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>What the contract holds now ↔ what the books say that it holds.</summary>
public static class BalanceComparison
{
    /// <param name="onChain">The contract's balance.</param>
    /// <param name="distribution">The balance of <c>chain:distribution</c>.</param>
    /// <param name="inFlight">The balance of <c>settlement:in-flight</c>.</param>
    /// <param name="others">What was found so far. Batches and claims among it that are paid and not booked yet explain a part: the books still have it there.</param>
    public static IEnumerable<Difference> Compare(Nanotons onChain, Nanotons distribution, Nanotons inFlight, IEnumerable<Difference> others)
    {
        var paidNotBooked = Nanotons.Sum(others.Where(IsPayout).Select(difference => difference.Found ?? Nanotons.Zero));
        if (onChain < distribution - paidNotBooked)
            yield return new(DifferenceKind.ContractShort, "The distribution contract holds less than the books say.", Subject: AccountName.Distribution.Value, Expected: distribution - paidNotBooked, Found: onChain);
        if (inFlight != Nanotons.Zero)
            yield return new(DifferenceKind.InFlightNotEmpty, "What is in flight is reserved and not moved, so this account is always empty.", Subject: AccountName.InFlight.Value, Expected: Nanotons.Zero, Found: inFlight);
    }

    /// <summary>The opening and the releases move no coins out of the contract.</summary>
    private static bool IsPayout(Difference difference) => difference is { Kind: DifferenceKind.ClaimNotBooked } or { Kind: DifferenceKind.MessageNotBooked, Message: >= 0 };
}
