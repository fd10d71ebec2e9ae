using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Settlement;

/// <summary>One transaction of a settlement, frozen before anything is signed.</summary>
/// <param name="Index">From 0 within the epoch.</param>
/// <param name="ListHash">See <see cref="PayoutList"/>; the contract remembers it with the batch.</param>
public sealed record PlannedBatch(EpochNumber Epoch, int Index, ImmutableArray<Payable> Entries, byte[] ListHash, Nanotons Total);

/// <summary>Cuts the payables of an epoch into batches, in their order. The same input always gives the same plan.</summary>
public static class SettlementPlan
{
    /// <summary>Cuts an epoch's payables, or some of them, in their order into batches that are numbered from <paramref name="firstBatch"/>.</summary>
    /// <param name="batchSize">1 to <see cref="PayoutList.MaxEntries"/>.</param>
    /// <exception cref="ArgumentException">A payable has nothing to pay.</exception>
    public static ImmutableArray<PlannedBatch> Cut(EpochNumber epoch, IEnumerable<Payable> payables, int firstBatch, int batchSize = PayoutList.MaxEntries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, PayoutList.MaxEntries);
        return [.. payables.Chunk(batchSize).Select((entries, place) => Batch(epoch, firstBatch + place, [.. entries]))];
    }

    private static PlannedBatch Batch(EpochNumber epoch, int index, ImmutableArray<Payable> entries)
    {
        if (entries.FirstOrDefault(entry => !entry.Amount.IsPositive) is { } empty)
            throw new ArgumentException($"The payable {empty.Index} has nothing to pay.", nameof(entries));
        return new(
            epoch,
            index,
            entries,
            PayoutList.Hash([.. entries.Select(entry => new Payout(entry.PayoutAddress, entry.Amount))]),
            Nanotons.Sum(entries.Select(entry => entry.Amount)));
    }
}
