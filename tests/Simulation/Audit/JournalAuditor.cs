using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Database;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>Nothing is done with money that the audit log does not tell of, at any moment: the line is there before the row is.</summary>
internal sealed class JournalAuditor(PoolDatabase database, Action<string> objectTo)
{
    /// <summary>The rows that were looked at. Rows are immutable: one that is still the same object says nothing new.</summary>
    private readonly Dictionary<object, object> _seen = [];

    public void Committed()
    {
        foreach (var epoch in database.Epochs.Rows)
        {
            if (IsNew(epoch.Number, epoch) && epoch.Phase >= EpochState.Finalized)
                Expect($"epoch/{epoch.Number}/finalized/{epoch.BundleHash}");
        }

        foreach (var (id, slash) in database.Slashes)
        {
            // A revision follows what the chain did, which the pool did not decide.
            var isRevised = _seen.GetValueOrDefault(id) is Slash known && known.Revision != slash.Revision;
            if (IsNew(id, slash) && !isRevised)
                Expect($"slash/{id}/{slash.State}/{slash.Amount}");
        }

        foreach (var signature in database.StakeSignatures.Values)
        {
            if (IsNew(signature.CommandId, signature))
                Expect($"stake/{signature.CommandId}/signed/{signature.MessageHash}");
        }

        foreach (var (epoch, settlement) in database.Settlements)
        {
            if (!IsNew(epoch, settlement))
                continue;
            Expect($"settlement/{epoch}/planned");
            foreach (var message in settlement.Messages)
                Expect(epoch, message);
        }
    }

    private void Expect(int epoch, SettlementMessage message)
    {
        if (message.MessageHash is { } hash)
            Expect($"settlement/{epoch}/{message.Index}/signed/{hash}");
        if (message.Phase == MessagePhase.Done)
            Expect($"settlement/{epoch}/{message.Index}/proven/chain");
    }

    private void Expect(string operation)
    {
        if (!database.AuditLines.ContainsKey(operation))
            objectTo($"it was done and the audit log has no line of it: {operation}");
    }

    private bool IsNew(object key, object row)
    {
        if (_seen.TryGetValue(key, out var known) && ReferenceEquals(known, row))
            return false;
        _seen[key] = row;
        return true;
    }
}
