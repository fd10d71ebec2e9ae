using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Database;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>
/// Nothing is done with money that the audit log does not tell of, at any moment: the line is there before the row is. What listeners wait
/// for (slashes, closed epochs) is in the journal of events together with its row.
/// </summary>
internal sealed class JournalAuditor(PoolDatabase database, Action<string> objectTo)
{
    /// <summary>The rows that were looked at. Rows are immutable: one that is still the same object says nothing new.</summary>
    private readonly Dictionary<object, object> _seen = [];
    private int _lines;
    private int _movements;

    public void Committed()
    {
        for (; _lines < database.Ledger.Lines.Count; _lines++)
        {
            if (OperationOf(database.Ledger.Lines[_lines].Transfer) is { } operation)
                Expect(operation);
        }

        for (; _movements < database.StakeMovements.Count; _movements++)
            Expect($"chain/{database.StakeMovements[_movements].Booked.Movement.Transaction}");

        foreach (var epoch in database.Epochs.Rows)
        {
            if (!IsNew(epoch.Number, epoch) || epoch.Phase < EpochState.Finalized)
                continue;
            Expect($"epoch/{epoch.Number}/finalized/{epoch.BundleHash}");
            ExpectTold($"epoch_finalized/{epoch.Number}");
            if (epoch.Phase == EpochState.Settled)
                ExpectTold($"reward_distributed/{epoch.Number}");
        }

        foreach (var (id, slash) in database.Slashes)
        {
            // A revision follows what the chain did, which the pool did not decide.
            var isRevised = _seen.GetValueOrDefault(id) is Slash known && known.Revision != slash.Revision;
            if (!IsNew(id, slash))
                continue;
            if (!isRevised)
                Expect($"slash/{id}/{slash.State}/{slash.Amount}");
            ExpectTold($"slash/{id}/{(slash.State == SlashState.Open ? "opened" : slash.State.ToString().ToLowerInvariant())}");
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

    /// <summary>Which audit line a line of the books needs of its own; null for kinds whose step has one, judged below.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A new kind of transfer: say here how the audit log tells of it.</exception>
    private static string? OperationOf(Transfer transfer) => transfer.Kind switch
    {
        TransferKind.Revenue or TransferKind.ClientDeposit or TransferKind.StakeDeposit or TransferKind.StakeWithdrawal => transfer.Id,

        // The closing of an epoch, the steps of a settlement and of a slash.
        TransferKind.EpochFee or TransferKind.EpochShare or TransferKind.CarryOver or TransferKind.ReferralBonus => null,
        TransferKind.Payout or TransferKind.PayoutConfirmed or TransferKind.PayoutHeld or TransferKind.NetworkFee => null,
        TransferKind.Slash or TransferKind.SlashBurned or TransferKind.SlashToTreasury => null,

        // The approval's own line; and what clients use, which is too much for a log of deeds: the books, chained too, are its log.
        TransferKind.Adjustment or TransferKind.ClientPayment => null,
        _ => throw new ArgumentOutOfRangeException(nameof(transfer), transfer.Kind, "No audit line is named for this kind of transfer."),
    };

    private void Expect(int epoch, SettlementMessage message)
    {
        if (message.MessageHash is { } hash)
            Expect($"settlement/{epoch}/{message.Index}/signed/{hash}");
        if (message.Phase == MessagePhase.Done)
            Expect($"settlement/{epoch}/{message.Index}/proven/chain");
    }

    private void ExpectTold(string happened)
    {
        if (!database.Events.ContainsKey(happened))
            objectTo($"it happened and nobody will ever be told: {happened}");
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
