using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Reconciliation;

/// <summary>
/// Hears every witness of the pool's payments: the published results, the settlements' records, the books, the chain. The database is
/// read before the chain, which only moves on, so that what is found missing there is missing.
/// </summary>
public sealed class PaymentWitnesses(IReconciliationStore store, IRevenueStore revenue, IEpochStore epochs, IChainGateway chain, PoolSettings settings)
{
    private const int Page = 500;

    /// <summary>Null when the epoch has no result yet.</summary>
    /// <exception cref="ChainGatewayException">The chain can not be asked.</exception>
    public async Task<EpochWitnesses?> Of(EpochNumber epoch, CancellationToken cancellationToken)
    {
        if (await epochs.Find(settings.Id, epoch, cancellationToken) is not { MerkleRoot: { } root })
            return null;
        var due = await epochs.Payables(settings.Id, epoch, cancellationToken);
        var (record, lines) = await store.Settlement(settings.Id, epoch, cancellationToken);
        return new(epoch, [.. due], Convert.FromHexString(root), record, lines, Seen(await chain.Epoch(epoch, cancellationToken)));
    }

    /// <summary>The pool's income in a period, as the chain and as the books have it.</summary>
    /// <exception cref="ChainGatewayException">The chain can not be asked.</exception>
    public async Task<(IReadOnlyList<SeenPayment> Seen, IReadOnlyList<BookedPayment> Booked)> Income(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (settings.Distribution is not { } distribution)
            return ([], []);
        var booked = await store.Payments(settings.Id, from, until, cancellationToken);
        var read = await revenue.Cursor(settings.Id, distribution.ToString(), cancellationToken);
        var operators = await revenue.OperatorWallets(settings.Id, cancellationToken);
        var after = await store.LogicalTimeBefore(settings.Id, distribution.ToString(), from, cancellationToken);
        return (await Seen(distribution, after, from, until, operators, read, cancellationToken), booked);
    }

    private async Task<IReadOnlyList<SeenPayment>> Seen(
        TonAddress distribution, long after, DateTimeOffset from, DateTimeOffset until, IReadOnlySet<TonAddress> operators, long read, CancellationToken cancellationToken)
    {
        var seen = new List<SeenPayment>();
        while (true)
        {
            var page = Payments.InOrder(await chain.Incoming(distribution, after, Page, cancellationToken), after);
            seen.AddRange(page.Where(payment => payment.At >= from && payment.At < until && Payments.IsIncome(payment, operators))
                .Select(payment => new SeenPayment(payment.TransactionHash, payment.Amount, payment.LogicalTime <= read)));
            if (page.Count == 0 || page[^1].At >= until)
                return seen;
            after = page[^1].LogicalTime;
        }
    }

    private static EpochSeen Seen(EpochOnChain epoch) => new(
        epoch.Opened, epoch.Forgotten, epoch.Total, epoch.Fee, epoch.ClaimFrom ?? 0, epoch.MerkleRoot, epoch.BundleHash,
        [.. epoch.Batches.Select(batch => new BatchSeen(batch.Index, batch.ListHash, batch.TransactionHash, batch.NetworkFee))],
        [.. epoch.Released],
        [.. epoch.Claimed.Select(claim => new ClaimSeen(claim.Index, claim.TransactionHash))]);
}
