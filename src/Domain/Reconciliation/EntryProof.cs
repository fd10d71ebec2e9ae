using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>How far one entry of an epoch is on its way to its owner, by the witness that counts: the chain.</summary>
public enum EntryState
{
    /// <summary>The epoch is not planned, or the entry is in no plan.</summary>
    NotPlanned = 0,

    /// <summary>Planned, and the chain does not show it paid.</summary>
    InFlight = 1,

    /// <summary>Held back by the pool.</summary>
    Withheld = 2,

    /// <summary>The contract pays it to whoever shows the proof.</summary>
    Claimable = 3,

    /// <summary>The contract paid a list with exactly this address and amount.</summary>
    Paid = 4,

    /// <summary>The contract paid the claim.</summary>
    Claimed = 5,
}

/// <summary>What proves, or does not yet prove, that an entry reached its owner.</summary>
/// <param name="Batch">The batch whose list has it.</param>
/// <param name="ListHash">Of that list as the contract keeps it; who has the list can compute it.</param>
public sealed record EntryProof(Payable Entry, EntryState State, int? Batch, byte[]? ListHash, string? Transaction)
{
    /// <summary>The proofs of all entries of an epoch, in the order of its tree.</summary>
    public static IEnumerable<EntryProof> Of(EpochWitnesses witnesses)
    {
        var recorded = (witnesses.Record?.Entries ?? []).ToDictionary(entry => entry.Entry.Index);
        var batches = (witnesses.Chain?.Batches ?? []).ToDictionary(batch => batch.Index);
        var claims = (witnesses.Chain?.Claims ?? []).ToDictionary(claim => claim.Index);
        var lists = (witnesses.Record?.Messages ?? []).Where(message => message.Phase != RecordedPhase.GivenUp).ToDictionary(message => message.Index, message => message.ListHash);
        foreach (var due in witnesses.Due)
        {
            var entry = recorded.GetValueOrDefault(due.Index);
            yield return entry is null || entry.Entry.Amount != due.Amount || entry.Entry.PayoutAddress != due.PayoutAddress
                ? new(due, EntryState.NotPlanned, null, null, null)
                : entry.Held is null
                    ? Sent(due, entry, batches, lists, witnesses.Chain)
                    : Held(due, entry, claims, witnesses.Chain);
        }
    }

    private static EntryProof Sent(Payable due, RecordedEntry entry, Dictionary<int, BatchSeen> batches, Dictionary<int, byte[]> lists, EpochSeen? chain)
    {
        var batch = entry.Message ?? throw new InvalidOperationException($"Entry {due.Index} is neither held nor in a batch.");
        var planned = lists.GetValueOrDefault(batch);

        // The contract forgets an epoch only when all of it was paid.
        if (chain is { Forgotten: true })
            return new(due, EntryState.Paid, batch, planned, null);
        return batches.TryGetValue(batch, out var seen) && planned is not null && seen.ListHash.AsSpan().SequenceEqual(planned)
            ? new(due, EntryState.Paid, batch, seen.ListHash, seen.Transaction)
            : new(due, EntryState.InFlight, batch, planned, null);
    }

    private static EntryProof Held(Payable due, RecordedEntry entry, Dictionary<int, ClaimSeen> claims, EpochSeen? chain)
    {
        if (claims.TryGetValue(due.Index, out var claim) || chain is { Forgotten: true })
            return new(due, EntryState.Claimed, null, null, claim?.Transaction ?? entry.ClaimTransaction);
        var claimable = chain is { Opened: true } && (due.Index >= chain.ClaimFrom || chain.Released.Contains(due.Index));
        return new(due, claimable ? EntryState.Claimable : entry.Held == HoldState.Withheld ? EntryState.Withheld : EntryState.InFlight, null, null, null);
    }
}
