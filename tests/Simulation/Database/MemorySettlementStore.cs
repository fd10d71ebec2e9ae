using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="ISettlementStore"/>
public class MemorySettlementStore(PoolDatabase database, StoreOperations operations) : ISettlementStore
{
    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    public virtual Task<StoredSettlement?> Find(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "settlement", $"find {epoch}", () => database.Settlements.GetValueOrDefault(epoch.Value));

    public virtual Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default) =>
        Commit($"freeze {plan.Epoch}", () =>
        {
            if (database.Settlements.ContainsKey(plan.Epoch.Value))
                return;
            database.Ledger.Append(reservations);
            database.Settlements[plan.Epoch.Value] = plan;
        });

    public virtual Task<SettlementTurn?> Turn(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "settlement", $"turn {epoch}", () =>
        {
            if (database.Settlements.GetValueOrDefault(epoch.Value) is not { } settlement)
                return null;
            var next = settlement.Messages.Where(m => m.Phase < MessagePhase.Done).OrderBy(m => m.Index != SettlementMessage.OpenEpoch).ThenBy(m => m.IsRelease).ThenBy(m => Math.Abs(m.Index)).Take(1);
            return new SettlementTurn(
                database.Epochs.Find(epoch)!.Phase,
                database.Epochs.Rows.Any(e => e.Number < epoch && e.Phase is (EpochState.Finalized or EpochState.Settling)),
                settlement with { Messages = [.. next], Held = [] },
                Math.Max(settlement.Messages.Max(m => m.Index), -1) + 1,
                Math.Min(settlement.Messages.Min(m => m.Index), -1) - 1,
                settlement.Held.Count(h => h.State != HoldState.Claimed),
                database.SettlementAlerts.GetValueOrDefault(epoch.Value));
        });

    public Task<SettlementOutline?> Outline(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "settlement", $"outline {epoch}", () => database.Settlements.GetValueOrDefault(epoch.Value) is not { } settlement ? null : new SettlementOutline(
            settlement.Total,
            [.. settlement.Messages.Select(m => new MessageOutline(m.Index, m.Phase, m.Entries.Count, m.Total, m.ListHash, m.MessageHash, m.TransactionHash, m.NetworkFee))],
            [.. settlement.Held.GroupBy(h => (h.Reason, h.State)).Select(g => new HoldSum(g.Key.Reason, g.Key.State, g.Count(), Nanotons.Sum(g.Select(h => h.Entry.Amount))))],
            database.SettlementAlerts.GetValueOrDefault(epoch.Value)));

    public virtual Task SaveSignature(
        string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, bool inDoubt = false, CancellationToken cancellationToken = default) =>
        Commit($"sign {epoch}/{index}", () =>
        {
            if (Message(epoch, index) is not { Phase: < MessagePhase.Done } message)
                throw new InvalidOperationException($"Message {index} of epoch {epoch} is not waiting for a signature; nothing was stored and nothing may be sent.");
            Put(epoch, message with
            {
                Phase = MessagePhase.Signed, Boc = boc, MessageHash = messageHash, Signature = signature, Attempts = message.Attempts + 1, InDoubt = message.InDoubt || inDoubt,
            });
        });

    public virtual Task Confirm(
        string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        Commit($"confirm {epoch}/{index}", () =>
        {
            if (Message(epoch, index) is not { Phase: < MessagePhase.Done } message)
                return;
            database.Ledger.Append(transfers);
            Put(epoch, message with { Phase = MessagePhase.Done, TransactionHash = transactionHash, NetworkFee = networkFee });
            Hold(epoch, held => held.State == HoldState.Releasing && held.Message == index ? held with { State = HoldState.Claimable } : held);
        });

    public virtual Task Regroup(string poolId, EpochNumber epoch, BatchRegrouping regrouping, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        Commit($"regroup {epoch}/{regrouping.Replaced.Index}", () =>
        {
            if (Message(epoch, regrouping.Replaced.Index) is not { Phase: < MessagePhase.Done } message)
                return;
            database.Ledger.Append(transfers);
            Put(epoch, message with { Phase = MessagePhase.Replaced, Entries = [] });
            var settlement = database.Settlements[epoch.Value];
            database.Settlements[epoch.Value] = settlement with
            {
                Messages = [.. settlement.Messages, .. regrouping.Batches.Select(SettlementMessage.Planned), .. regrouping.Releases.Select(SettlementMessage.Planned)],
                Held = [.. settlement.Held, .. regrouping.Held],
            };
        });

    public Task<IReadOnlyList<HeldPayout>> OpenHolds(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<HeldPayout>>(operations, "settlement", $"holds {epoch}", () =>
            [.. (database.Settlements.GetValueOrDefault(epoch.Value)?.Held ?? []).Where(h => h.State != HoldState.Claimed).OrderBy(h => h.Entry.Index)]);

    public virtual Task<bool> Release(string poolId, EpochNumber epoch, IReadOnlyList<PlannedRelease> releases, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "settlement", $"release {epoch}", () =>
        {
            var messageOf = releases.SelectMany(r => r.Entries.Select(e => (e.Index, r.Message))).ToDictionary(p => p.Index, p => p.Message);
            var settlement = database.Settlements[epoch.Value];
            if (settlement.Held.Count(h => h.State == HoldState.Withheld && messageOf.ContainsKey(h.Entry.Index)) != messageOf.Count)
                return false;
            database.Settlements[epoch.Value] = settlement with { Messages = [.. settlement.Messages, .. releases.Select(SettlementMessage.Planned)] };
            Hold(epoch, held => messageOf.TryGetValue(held.Entry.Index, out var message) ? held with { State = HoldState.Releasing, Message = message } : held);
            return true;
        });

    public virtual Task BookClaim(string poolId, EpochNumber epoch, int index, string transactionHash, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        Commit($"claimed {epoch}/{index}", () =>
        {
            if (database.Settlements[epoch.Value].Held.FirstOrDefault(h => h.Entry.Index == index) is not { State: < HoldState.Claimed })
                return;
            database.Ledger.Append(transfers);
            Hold(epoch, held => held.Entry.Index == index ? held with { State = HoldState.Claimed, TransactionHash = transactionHash } : held);
        });

    public Task SetAlert(string poolId, EpochNumber epoch, SettlementAlert? alert, CancellationToken cancellationToken = default) => Commit($"alert {epoch}", () =>
    {
        database.SettlementAlerts.Remove(epoch.Value);
        if (alert is not null)
            database.SettlementAlerts.Add(epoch.Value, alert);
    });

    public Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, TonAddress? participant, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    public Task<IReadOnlyList<EpochNumber>> EpochsWithholding(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    public Task<(int Alerts, IReadOnlyDictionary<HoldState, int> Held)> Figures(string poolId, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    private void Hold(EpochNumber epoch, Func<HeldPayout, HeldPayout> change)
    {
        var settlement = database.Settlements[epoch.Value];
        database.Settlements[epoch.Value] = settlement with { Held = [.. settlement.Held.Select(change)] };
    }

    protected SettlementMessage? Message(EpochNumber epoch, int index) => database.Settlements.GetValueOrDefault(epoch.Value)?.Messages.FirstOrDefault(m => m.Index == index);

    protected void Put(EpochNumber epoch, SettlementMessage message)
    {
        var settlement = database.Settlements[epoch.Value];
        database.Settlements[epoch.Value] = settlement with { Messages = [.. settlement.Messages.Select(m => m.Index == message.Index ? message : m)] };
    }

    protected Task Commit(string operation, Action effect) => database.Commit(operations, "settlement", operation, effect);
}
