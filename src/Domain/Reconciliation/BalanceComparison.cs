using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>What the contract holds now ↔ what the books say that it holds.</summary>
public static class BalanceComparison
{
    /// <param name="onChain">The contract's balance.</param>
    /// <param name="distribution">The balance of <c>chain:distribution</c>.</param>
    /// <param name="inFlight">The balance of <c>settlement:in-flight</c>.</param>
    /// <param name="paidNotBooked">What has left the contract and is not booked yet; the books still have it there.</param>
    public static IEnumerable<Difference> Compare(Nanotons onChain, Nanotons distribution, Nanotons inFlight, Nanotons paidNotBooked)
    {
        if (onChain < distribution - paidNotBooked)
            yield return new(DifferenceKind.ContractShort, "The distribution contract holds less than the books say.", Subject: AccountName.Distribution.Value, Expected: distribution - paidNotBooked, Found: onChain);
        if (inFlight != Nanotons.Zero)
            yield return new(DifferenceKind.InFlightNotEmpty, "What is in flight is reserved and not moved, so this account is always empty.", Subject: AccountName.InFlight.Value, Expected: Nanotons.Zero, Found: inFlight);
    }
}
