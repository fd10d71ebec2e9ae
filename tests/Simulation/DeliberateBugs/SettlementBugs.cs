using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class SendBeforePersist(PoolPorts ports) : ModelledGateway(ports.Chain, ports.Operations)
{
    public override async Task<SignedMessage> SignPayBatch(
        EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default)
    {
        var signed = await base.SignPayBatch(epoch, batch, entries, listHash, seqno, validUntil, cancellationToken);
        await Broadcast(signed.Boc, cancellationToken);
        return signed;
    }
}

internal sealed class ReplanAfterCrash(PoolPorts ports) : MemorySettlementStore(ports.Database, ports.Operations)
{
    /// <summary>A grain that begins looks whether the epoch is settled, then whether it is planned.</summary>
    private const int LooksBeforeThePlan = 2;

    private readonly Dictionary<int, int> _met = [];

    public override async Task<SettlementTurn?> Turn(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        (_met[epoch.Value] = _met.GetValueOrDefault(epoch.Value) + 1) <= LooksBeforeThePlan ? null : await base.Turn(poolId, epoch, cancellationToken);

    public override Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default) =>
        Commit($"freeze {plan.Epoch}", () =>
        {
            Database.Ledger.Append(reservations);
            Database.Settlements[plan.Epoch.Value] = plan;
        });
}

internal sealed class ConfirmInTwoSteps(PoolPorts ports) : MemorySettlementStore(ports.Database, ports.Operations)
{
    public override async Task Confirm(
        string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default)
    {
        await Commit($"mark {epoch}/{index}", () => Put(epoch, Message(epoch, index)! with { Phase = MessagePhase.Done, TransactionHash = transactionHash, NetworkFee = networkFee }));
        await Commit($"book {epoch}/{index}", () => Database.Ledger.Append(transfers));
    }
}
