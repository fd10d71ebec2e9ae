using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Reconciliation;

/// <summary>Compares ledger, settlements and chain. It reads, and decides nothing: each comparison is a pure function of the domain.</summary>
public sealed class PaymentReconciler(PaymentWitnesses witnesses, IReconciliationStore store, ILedgerStore ledger, IChainGateway chain, PoolSettings settings)
{
    /// <summary>All payments of a period, to the pool and by it, and what the contract holds now.</summary>
    /// <exception cref="ChainGatewayException">The chain can not be asked.</exception>
    public async Task<ReconciliationReport> Reconcile(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (seen, booked) = await witnesses.Income(from, until, cancellationToken);
        var differences = PaymentComparison.Compare(seen, booked).ToList();
        var epochs = new List<ReconciledEpoch>();
        foreach (var epoch in await store.Epochs(settings.Id, from, until, cancellationToken))
        {
            if (await witnesses.Of(epoch, cancellationToken) is not { } heard)
                continue;
            var found = EpochComparison.Compare(heard);
            differences.AddRange(found);
            epochs.Add(new(epoch, heard.Record?.Entries.Length ?? 0, heard.Record?.Total ?? Nanotons.Zero, found.Count));
        }
        differences.AddRange(await Balances(differences, cancellationToken));
        return new(from, until, seen.Count, Nanotons.Sum(seen.Select(payment => payment.Amount)), epochs, differences);
    }

    private async Task<IReadOnlyList<Difference>> Balances(IReadOnlyList<Difference> found, CancellationToken cancellationToken)
    {
        var distribution = await ledger.Account(settings.Id, AccountName.Distribution, cancellationToken);
        var inFlight = await ledger.Account(settings.Id, AccountName.InFlight, cancellationToken);
        return [.. BalanceComparison.Compare((await chain.Distribution(cancellationToken)).Balance, distribution.Balance, inFlight.Balance, found)];
    }
}

/// <summary>What a reconciliation looked at and what it found.</summary>
/// <param name="Payments">Payments to the pool that the chain has in the period.</param>
public sealed record ReconciliationReport(
    DateTimeOffset From, DateTimeOffset Until, int Payments, Nanotons Received, IReadOnlyList<ReconciledEpoch> Epochs, IReadOnlyList<Difference> Differences)
{
    /// <summary>Every witness says the same, or the books are only a moment behind the chain.</summary>
    public bool Agrees => Differences.All(difference => difference.IsPassing);
}

public sealed record ReconciledEpoch(EpochNumber Epoch, int Payouts, Nanotons Total, int Differences);
