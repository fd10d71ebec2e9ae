using CocoonPool.Chaos.Audit.Facts;

namespace CocoonPool.Chaos.Audit;

/// <summary>
/// Shares, bundle, plan and chain say the same: everything that a settled epoch owes arrived once and nothing else did, and everything
/// that came in is booked once.
/// </summary>
public static class PaymentJudge
{
    private const string DepositPrefix = "chain/";
    private const string Contract = "chain:distribution";
    private const string Stakes = "chain:stake";
    private const string VaultPrefix = "chain:vault:";

    public static IEnumerable<string> Judge(PoolFacts facts) => [.. Contracts(facts), .. Arrivals(facts), .. Deposits(facts), .. Cover(facts)];

    private static IEnumerable<string> Contracts(PoolFacts facts)
    {
        foreach (var epoch in facts.Epochs.Where(e => e.Phase == EpochFacts.Settled))
        {
            var owed = epoch.Shares.Sum(row => row.PayableNano);
            var planned = facts.Plan.Where(p => p.Epoch == epoch.Number).ToList();
            if (planned.Sum(p => p.AmountNano) != owed || planned.Count != epoch.Shares.Count(row => row.PayableNano > 0))
                yield return $"epoch {epoch.Number}: it owes {owed}, and the settlement planned {planned.Sum(p => p.AmountNano)} in {planned.Count} payouts";
            if (owed == 0)
                continue;
            foreach (var message in facts.Messages.Where(m => m.Epoch == epoch.Number && m.Phase is not (SettlementMessage.Done or SettlementMessage.Replaced)))
                yield return $"epoch {epoch.Number}: it is settled and message {message.Index} is not done";
            var told = facts.Chain.Epochs[epoch.Number];
            if (!told.Opened || told.TotalNano != owed || told.PaidNano != owed)
                yield return $"epoch {epoch.Number}: it owes {owed}; the contract was given {told.TotalNano} to pay and paid {told.PaidNano}";
            if (told.BundleHash != epoch.BundleHash)
                yield return $"epoch {epoch.Number}: the contract has bundle {told.BundleHash}, the database {epoch.BundleHash}";
        }
    }

    private static IEnumerable<string> Arrivals(PoolFacts facts)
    {
        // Only what the chain has proven is due; an epoch that is still being settled may have paid some of its batches.
        var done = facts.Messages.Where(m => m is { Index: >= 0, Phase: SettlementMessage.Done }).Select(m => (m.Epoch, m.Index)).ToHashSet();
        var due = facts.Plan.Where(p => done.Contains((p.Epoch, p.Batch))).ToLookup(p => p.PayoutAddress, p => p.AmountNano, StringComparer.Ordinal);
        foreach (var (wallet, arrivals) in facts.Chain.Payouts)
        {
            var arrived = arrivals.Select(a => a.AmountNano).Order().ToList();
            var owed = due[wallet].Order().ToList();
            if (!arrived.SequenceEqual(owed))
                yield return $"{wallet}: {owed.Count} payouts of {owed.Sum()} together are confirmed, and {arrived.Count} of {arrived.Sum()} arrived";
        }
    }

    private static IEnumerable<string> Deposits(PoolFacts facts)
    {
        var booked = facts.Ledger.Lines.Where(line => line.Id.StartsWith(DepositPrefix, StringComparison.Ordinal) && line.Debit == Contract)
            .ToLookup(line => line.Id[DepositPrefix.Length..].ToLowerInvariant(), StringComparer.Ordinal);
        foreach (var deposit in facts.Chain.Deposits)
        {
            if (booked[deposit.Transaction].ToList() is not [var line] || line.AmountNano != deposit.AmountNano)
                yield return $"the payment {deposit.Transaction} of {deposit.AmountNano} is booked {booked[deposit.Transaction].Count()} times with {booked[deposit.Transaction].Sum(l => l.AmountNano)}";
        }

        foreach (var unknown in booked.Select(group => group.Key).Except(facts.Chain.Deposits.Select(d => d.Transaction), StringComparer.Ordinal))
            yield return $"the payment {unknown} is booked and did not happen";
    }

    /// <summary>Raw addresses of the vaults that the books name.</summary>
    public static IReadOnlyList<string> Vaults(LedgerFacts ledger) =>
        [.. ledger.Accounts.Where(a => a.Name.StartsWith(VaultPrefix, StringComparison.Ordinal)).Select(a => a.Name[VaultPrefix.Length..])];

    /// <summary>What holds the coins of others holds at least what the books say: besides, it holds what pays for its own storage.</summary>
    private static IEnumerable<string> Cover(PoolFacts facts)
    {
        var chain = facts.Chain;
        IEnumerable<(string What, string Account, long Held)> places =
        [
            ("the contract holds", Contract, chain.ContractBalanceNano), ("the stake accounts hold", Stakes, chain.StakesNano),
            .. Vaults(facts.Ledger).Select(vault => ($"vault {vault} holds", VaultPrefix + vault, chain.VaultsNano[vault])),
        ];
        foreach (var (what, account, held) in places)
        {
            var inTheBooks = facts.Ledger.Accounts.FirstOrDefault(a => a.Name == account)?.BalanceNano ?? 0;
            if (held < inTheBooks)
                yield return $"{what} {held} and the books say {inTheBooks}";
        }
    }
}
