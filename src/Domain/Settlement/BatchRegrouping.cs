using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Settlement;

/// <summary>
/// A batch that is given up for others: some of its entries are held, the rest goes into batches with new numbers. A number is never
/// used for two lists, so the old one stays unused for good.
/// </summary>
public sealed record BatchRegrouping(PlannedBatch Replaced, ImmutableArray<PlannedBatch> Batches, ImmutableArray<HeldPayout> Held, ImmutableArray<PlannedRelease> Releases)
{
    /// <summary>
    /// Exit codes with which the contract refuses a list because of one of its entries: a destination that the chain does not know, a
    /// malformed entry, an address outside the basechain. Everything else concerns the batch as a whole.
    /// </summary>
    private static readonly ImmutableArray<int> EntryRefusals = [36, 400, 421];

    public static bool ConcernsAnEntry(int? exitCode) => exitCode is { } code && EntryRefusals.Contains(code);

    /// <summary>Takes the entries aside that the judge names; null when it names none.</summary>
    /// <param name="nextBatch">The first number that no message of the settlement has had.</param>
    public static BatchRegrouping? TakeAside(PlannedBatch batch, Func<Payable, HeldPayout?> judge, int nextBatch)
    {
        var held = batch.Entries.Select(judge).OfType<HeldPayout>().ToImmutableArray();
        if (held.IsEmpty)
            return null;
        var aside = held.Select(one => one.Entry.Index).ToHashSet();
        return new(batch, SettlementPlan.Cut(batch.Epoch, batch.Entries.Where(entry => !aside.Contains(entry.Index)), nextBatch), held, []);
    }

    /// <summary>
    /// The contract refused the list because of one entry and does not say which: both halves are tried on their own, until the entry
    /// stands alone and is released for claiming.
    /// </summary>
    public static BatchRegrouping AfterRefusal(PlannedBatch batch, int nextBatch, int nextRelease, string detail)
    {
        if (batch.Entries is [var alone])
            return new(batch, [], [new(alone, HoldReason.RefusedByContract, HoldState.Releasing, nextRelease, detail)], [new(nextRelease, [alone])]);
        return new(batch, SettlementPlan.Cut(batch.Epoch, batch.Entries, nextBatch, (batch.Entries.Length + 1) / 2), [], []);
    }
}
