using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Settlement;

/// <summary>The ledger lines of a settlement: reserved with the plan, posted when the chain proves the batch or the claim.</summary>
public static class SettlementTransfers
{
    /// <summary>Holds each payout in its reward account on its way to <c>settlement:in-flight</c>.</summary>
    public static IReadOnlyList<Transfer> Reservations(IEnumerable<PlannedBatch> batches, DateTimeOffset at) =>
        [.. batches.SelectMany(batch => batch.Entries.Select(entry => Reservation(batch.Epoch, batch.Index, entry, at)))];

    /// <summary>
    /// Ends the reservations of a batch as posted and lets the money leave the contract; then the network's fee, paid by the hot wallet. The
    /// opening of an epoch, message −1, has only the fee.
    /// </summary>
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

    /// <summary>Holds each entry that was taken aside, until it is claimed.</summary>
    public static IReadOnlyList<Transfer> Holds(EpochNumber epoch, IEnumerable<HeldPayout> held, DateTimeOffset at) => [.. held.Select(one => Hold(epoch, one, at))];

    /// <summary>Gives the reservations of a batch up for those of the batches and held entries that take its place.</summary>
    public static IReadOnlyList<Transfer> Regroup(BatchRegrouping regrouping, DateTimeOffset at)
    {
        var (epoch, index) = (regrouping.Replaced.Epoch, regrouping.Replaced.Index);
        return
        [
            .. regrouping.Replaced.Entries.Select(entry => Reservation(epoch, index, entry, at).End(TransferAction.VoidReserved, at)),
            .. Reservations(regrouping.Batches, at),
            .. Holds(epoch, regrouping.Held, at),
        ];
    }

    /// <summary>The entry was claimed on chain: its hold is posted and the money has left the contract.</summary>
    public static IReadOnlyList<Transfer> Claimed(EpochNumber epoch, HeldPayout held, string transactionHash, DateTimeOffset at) =>
    [
        Hold(epoch, held, at).End(TransferAction.PostReserved, at),
        new($"settlement/{epoch}/claimed/{held.Entry.Participant}", AccountName.InFlight, AccountName.Distribution, held.Entry.Amount, TransferKind.PayoutConfirmed, transactionHash, at),
    ];

    private static Transfer Hold(EpochNumber epoch, HeldPayout held, DateTimeOffset at) => new(
        $"settlement/{epoch}/held/{held.Entry.Participant}", AccountName.Rewards(held.Entry.Participant), AccountName.InFlight, held.Entry.Amount, TransferKind.PayoutHeld,
        $"settlement/{epoch}/{HoldWords.Of(held.Reason)}", at, TransferAction.Reserve);

    private static Transfer Reservation(EpochNumber epoch, int batch, Payable entry, DateTimeOffset at) => new(
        $"{Prefix(epoch, batch)}/{entry.Participant}", AccountName.Rewards(entry.Participant), AccountName.InFlight, entry.Amount, TransferKind.Payout, Prefix(epoch, batch), at, TransferAction.Reserve);

    private static string Prefix(EpochNumber epoch, int batch) => $"settlement/{epoch}/{batch}";
}
