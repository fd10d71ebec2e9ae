using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>A settlement's records ↔ what the contract shows of the epoch.</summary>
public static class ChainComparison
{
    public static IEnumerable<Difference> Compare(EpochWitnesses witnesses)
    {
        // A forgotten epoch was paid in full, and the contract has nothing left to compare with.
        if (witnesses.Chain is not { Forgotten: false } chain)
            return [];
        if (witnesses.Record is not { } record)
            return chain.Opened ? [new(DifferenceKind.ContentDiffers, $"Epoch {witnesses.Epoch} is open on chain and was never planned.", witnesses.Epoch, PayoutPlan.Opening, Found: chain.Total)] : [];
        return [.. Opening(witnesses.Epoch, record, chain), .. Batches(witnesses.Epoch, record, chain), .. Releases(witnesses.Epoch, record, chain), .. Claims(witnesses.Epoch, record, chain)];
    }

    private static IEnumerable<Difference> Opening(EpochNumber epoch, SettlementRecord record, EpochSeen chain)
    {
        var booked = record.Messages.Any(message => message is { Index: PayoutPlan.Opening, Phase: RecordedPhase.Done });
        if (booked && !chain.Opened)
            yield return new(DifferenceKind.MessageNotOnChain, $"The opening of epoch {epoch} is booked and the chain does not show it.", epoch, PayoutPlan.Opening, Expected: record.Total);
        if (!chain.Opened)
            yield break;
        if (!booked)
            yield return new(DifferenceKind.MessageNotBooked, $"Epoch {epoch} is open on chain; the pool has not noticed it yet.", epoch, PayoutPlan.Opening, Found: chain.Total);
        if (chain.Total != record.Total || chain.Fee != record.Fee || chain.ClaimFrom != record.ClaimFrom || !Same(chain.MerkleRoot, record.MerkleRoot) || !Same(chain.BundleHash, record.BundleHash))
            yield return new(DifferenceKind.ContentDiffers, $"Epoch {epoch} was opened on chain with another total, fee, root or bundle than was planned.", epoch, PayoutPlan.Opening, Expected: record.Total, Found: chain.Total);
    }

    private static IEnumerable<Difference> Batches(EpochNumber epoch, SettlementRecord record, EpochSeen chain)
    {
        var seen = chain.Batches.ToDictionary(batch => batch.Index);
        foreach (var batch in record.Messages.Where(message => message.Index >= 0))
        {
            if (!seen.Remove(batch.Index, out var paid))
            {
                if (batch.Phase == RecordedPhase.Done)
                    yield return new(DifferenceKind.MessageNotOnChain, $"Batch {batch.Index} of epoch {epoch} is booked as paid and the chain does not show it.", epoch, batch.Index, Subject: batch.Transaction, Expected: batch.Total);
                continue;
            }
            if (batch.Phase == RecordedPhase.GivenUp)
                yield return new(DifferenceKind.BatchUnknown, $"Batch {batch.Index} of epoch {epoch} was given up, and the chain has paid it all the same: its entries may have been paid twice.", epoch, batch.Index, Subject: paid.Transaction, Found: batch.Total);
            else if (!Same(batch.ListHash, paid.ListHash))
                yield return new(DifferenceKind.ContentDiffers, $"The chain paid another list as batch {batch.Index} of epoch {epoch}: {Convert.ToHexStringLower(paid.ListHash)}.", epoch, batch.Index, Subject: paid.Transaction, Expected: batch.Total);
            else if (batch.Phase != RecordedPhase.Done)
                yield return new(DifferenceKind.MessageNotBooked, $"Batch {batch.Index} of epoch {epoch} is paid on chain; the pool has not noticed it yet.", epoch, batch.Index, Subject: paid.Transaction, Found: batch.Total);
            else
            {
                foreach (var difference in Transaction(epoch, batch, paid))
                    yield return difference;
            }
        }
        foreach (var unknown in seen.Values)
            yield return new(DifferenceKind.BatchUnknown, $"The chain has paid batch {unknown.Index} of epoch {epoch}, which nobody planned.", epoch, unknown.Index, Subject: unknown.Transaction);
    }

    /// <summary>What is not found yet is no difference: the contract's state shows a batch some moments before its transaction can be read.</summary>
    private static IEnumerable<Difference> Transaction(EpochNumber epoch, RecordedMessage booked, BatchSeen paid)
    {
        if (paid.Transaction is { } transaction && !string.Equals(transaction, booked.Transaction, StringComparison.Ordinal))
            yield return new(DifferenceKind.TransactionDiffers, $"Batch {booked.Index} of epoch {epoch} was paid by {transaction} and is booked under {booked.Transaction ?? "none"}.", epoch, booked.Index, Subject: transaction);
        if (paid.NetworkFee is { } fee && fee != booked.NetworkFee)
            yield return new(DifferenceKind.NetworkFeeDiffers, $"Batch {booked.Index} of epoch {epoch} cost another network fee than is booked.", epoch, booked.Index, Subject: paid.Transaction, Expected: fee, Found: booked.NetworkFee);
    }

    private static IEnumerable<Difference> Releases(EpochNumber epoch, SettlementRecord record, EpochSeen chain)
    {
        var released = chain.Released.ToHashSet();
        var booked = record.Messages.Where(message => message is { Index: < PayoutPlan.Opening, Phase: RecordedPhase.Done }).Select(message => message.Index).ToHashSet();
        foreach (var entry in record.Entries.Where(entry => entry.Held is not null && entry.Message is { } message && booked.Contains(message) && !released.Contains(entry.Entry.Index)))
            yield return new(DifferenceKind.MessageNotOnChain, $"Entry {entry.Entry.Index} of epoch {epoch} is booked as released and the chain does not let it be claimed.", epoch, entry.Message, entry.Entry.Participant, Expected: entry.Entry.Amount);
    }

    private static IEnumerable<Difference> Claims(EpochNumber epoch, SettlementRecord record, EpochSeen chain)
    {
        var seen = chain.Claims.ToDictionary(claim => claim.Index);
        foreach (var entry in record.Entries)
        {
            var claimed = seen.Remove(entry.Entry.Index, out var claim);
            if (entry.Held == HoldState.Claimed && !claimed)
                yield return new(DifferenceKind.ClaimNotOnChain, $"Entry {entry.Entry.Index} of epoch {epoch} is booked as claimed and the chain does not show it.", epoch, entry.Message, entry.Entry.Participant, entry.ClaimTransaction, entry.Entry.Amount);
            else if (entry.Held is not null and not HoldState.Claimed && claimed)
                yield return new(DifferenceKind.ClaimNotBooked, $"Entry {entry.Entry.Index} of epoch {epoch} was claimed on chain; the pool has not noticed it yet.", epoch, entry.Message, entry.Entry.Participant, claim!.Transaction, Found: entry.Entry.Amount);
            else if (entry.Held is null && claimed)
                yield return new(DifferenceKind.BatchUnknown, $"Entry {entry.Entry.Index} of epoch {epoch} was claimed on chain and is planned to be sent.", epoch, entry.Message, entry.Entry.Participant, claim!.Transaction, Found: entry.Entry.Amount);
        }
        foreach (var unknown in seen.Values)
            yield return new(DifferenceKind.BatchUnknown, $"The chain has paid a claim of entry {unknown.Index} of epoch {epoch}, which nobody planned.", epoch, Subject: unknown.Transaction);
    }

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);
}
