using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>What an epoch's published result owes ↔ what its settlement recorded.</summary>
public static class PlanComparison
{
    public static IEnumerable<Difference> Compare(EpochWitnesses witnesses)
    {
        if (witnesses.Record is not { } record)
            return [];
        return [.. Entries(witnesses.Epoch, witnesses.Due, record), .. Roots(witnesses, record), .. Lists(witnesses.Epoch, record)];
    }

    /// <summary>The root over the entries in their order, as the contract that pays claims computes it.</summary>
    public static byte[] RootOf(EpochNumber epoch, IEnumerable<Payable> entries) => MerkleTree.Root([.. entries.Select(entry => MerkleTree.LeafHash(PayoutLeaf.Bytes(epoch, entry)))]);

    private static IEnumerable<Difference> Entries(EpochNumber epoch, IEnumerable<Payable> due, SettlementRecord record)
    {
        var recorded = record.Entries.ToDictionary(entry => entry.Entry.Participant);
        foreach (var owed in due)
        {
            if (!recorded.Remove(owed.Participant, out var found))
                yield return new(DifferenceKind.EntryNotPlanned, $"Epoch {epoch} owes entry {owed.Index} and its settlement does not have it.", epoch, Participant: owed.Participant, Expected: owed.Amount);
            else if (found.Entry.Index != owed.Index || found.Entry.Amount != owed.Amount || found.Entry.PayoutAddress != owed.PayoutAddress)
            {
                yield return new(
                    DifferenceKind.EntryDiffers,
                    $"Entry {owed.Index} of epoch {epoch} is owed to {owed.PayoutAddress} and planned as entry {found.Entry.Index} to {found.Entry.PayoutAddress}.",
                    epoch, found.Message, owed.Participant, Expected: owed.Amount, Found: found.Entry.Amount);
            }
        }
        foreach (var extra in recorded.Values)
            yield return new(DifferenceKind.EntryNotDue, $"Entry {extra.Entry.Index} of epoch {epoch} is planned and nobody owes it.", epoch, extra.Message, extra.Entry.Participant, Found: extra.Entry.Amount);
    }

    private static IEnumerable<Difference> Roots(EpochWitnesses witnesses, SettlementRecord record)
    {
        var root = RootOf(witnesses.Epoch, witnesses.Due);
        if (!Same(root, witnesses.MerkleRoot))
            yield return Root(witnesses.Epoch, root, "published", witnesses.MerkleRoot);
        if (!Same(root, record.MerkleRoot))
            yield return Root(witnesses.Epoch, root, "planned", record.MerkleRoot);
    }

    private static IEnumerable<Difference> Lists(EpochNumber epoch, SettlementRecord record)
    {
        var entriesOf = record.Entries.Where(entry => entry.Held is null).ToLookup(entry => entry.Message);
        foreach (var batch in record.Messages.Where(message => message is { Index: >= 0, Phase: not RecordedPhase.GivenUp }))
        {
            var entries = entriesOf[batch.Index].Select(entry => new Payout(entry.Entry.PayoutAddress, entry.Entry.Amount)).ToList();
            var total = Nanotons.Sum(entries.Select(entry => entry.Amount));
            if (entries.Count is 0 or > PayoutList.MaxEntries || !Same(PayoutList.Hash(entries), batch.ListHash) || total != batch.Total)
                yield return new(DifferenceKind.ListDiffers, $"The entries of batch {batch.Index} of epoch {epoch} are not the list that was frozen for it.", epoch, batch.Index, Expected: batch.Total, Found: total);
        }
    }

    private static Difference Root(EpochNumber epoch, byte[] computed, string which, byte[] found) =>
        new(DifferenceKind.RootDiffers, $"The entries of epoch {epoch} have the root {Convert.ToHexStringLower(computed)}, {which} was {Convert.ToHexStringLower(found)}.", epoch);

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);
}
