using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Settlement;

/// <summary>The ledger lines of a settlement: reserved with the plan, posted when the chain proves the batch.</summary>
public static class SettlementTransfers
{
    /// <summary>Holds each payout in its reward account on its way to <c>settlement:in-flight</c>.</summary>
    public static IReadOnlyList<Transfer> Reservations(IEnumerable<PlannedBatch> batches, DateTimeOffset at) =>
        [.. batches.SelectMany(batch => batch.Entries.Select(entry => Reservation(batch.Epoch, batch.Index, entry, at)))];

    /// <summary>Ends the reservations of a batch as posted and lets the money leave the contract; then the network's fee, paid by the hot wallet.</summary>
    public static IReadOnlyList<Transfer> Confirmation(EpochNumber epoch, int batch, IReadOnlyList<Payable> entries, string transactionHash, Nanotons networkFee, DateTimeOffset reservedAt, DateTimeOffset at)
    {
        var lines = new List<Transfer>(entries.Count + 2);
        foreach (var entry in entries)
            lines.Add(Reservation(epoch, batch, entry, reservedAt).End(TransferAction.PostReserved, at));
        if (entries.Count > 0)
            lines.Add(new($"{Prefix(epoch, batch)}/paid", AccountName.InFlight, AccountName.Distribution, Nanotons.Sum(entries.Select(e => e.Amount)), TransferKind.PayoutConfirmed, transactionHash, at));
        if (networkFee.IsPositive)
            lines.Add(new($"{Prefix(epoch, batch)}/network-fee", AccountName.NetworkFees, AccountName.HotWallet, networkFee, TransferKind.NetworkFee, transactionHash, at));
        return lines;
    }

    private static Transfer Reservation(EpochNumber epoch, int batch, Payable entry, DateTimeOffset at) => new(
        $"{Prefix(epoch, batch)}/{entry.Participant}", AccountName.Rewards(entry.Participant), AccountName.InFlight, entry.Amount, TransferKind.Payout, Prefix(epoch, batch), at, TransferAction.Reserve);

    private static string Prefix(EpochNumber epoch, int batch) => $"settlement/{epoch}/{batch}";
}
