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

    public virtual Task SaveSignature(string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, CancellationToken cancellationToken = default) =>
        Commit($"sign {epoch}/{index}", () =>
        {
            if (Message(epoch, index) is not { Phase: < MessagePhase.Done } message)
                throw new InvalidOperationException($"Message {index} of epoch {epoch} is not waiting for a signature; nothing was stored and nothing may be sent.");
            Put(epoch, message with { Phase = MessagePhase.Signed, Boc = boc, MessageHash = messageHash, Signature = signature, Attempts = message.Attempts + 1 });
        });

    public virtual Task Confirm(
        string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        Commit($"confirm {epoch}/{index}", () =>
        {
            if (Message(epoch, index) is not { Phase: < MessagePhase.Done } message)
                return;
            database.Ledger.Append(transfers);
            Put(epoch, message with { Phase = MessagePhase.Done, TransactionHash = transactionHash, NetworkFee = networkFee });
        });

    public Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, TonAddress? participant, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    protected SettlementMessage? Message(EpochNumber epoch, int index) => database.Settlements.GetValueOrDefault(epoch.Value)?.Messages.FirstOrDefault(m => m.Index == index);

    protected void Put(EpochNumber epoch, SettlementMessage message)
    {
        var settlement = database.Settlements[epoch.Value];
        database.Settlements[epoch.Value] = settlement with { Messages = [.. settlement.Messages.Select(m => m.Index == message.Index ? message : m)] };
    }

    protected Task Commit(string operation, Action effect) => database.Commit(operations, "settlement", operation, effect);
}
