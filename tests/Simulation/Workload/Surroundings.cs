using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>What happens to the pool: customers pay, hosts stop, clocks are set, the chain goes away.</summary>
public sealed class Surroundings(SimulatedPool pool) : PoolClient(pool)
{
    private static readonly TimeSpan ClaimPeriod = TimeSpan.FromHours(7);
    private static readonly TimeSpan FreezePeriod = TimeSpan.FromHours(77);

    public Task Do(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Revenue:
                Pool.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(operation.Amount));
                return Task.CompletedTask;
            case OperationKind.SetClock:
                Auditor.Contributions.ClockMoved += TimeSpan.FromSeconds(Math.Abs(operation.Amount));
                Simulation.JumpClock(TimeSpan.FromSeconds(operation.Amount));
                return Task.CompletedTask;
            default:
                return operation.Kind switch
                {
                    OperationKind.Restart => Restart(TimeSpan.FromMinutes(operation.Amount)),
                    OperationKind.Upgrade => Upgrade(TimeSpan.FromHours(operation.Amount)),
                    OperationKind.Crash => Crash(TimeSpan.FromMinutes(operation.Amount)),
                    OperationKind.ChainAway => ChainAway(TimeSpan.FromHours(operation.Amount)),
                    OperationKind.Underfund => Underfund(Nanotons.FromTon(operation.Amount)),
                    _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "This does not happen by itself."),
                };
        }
    }

    /// <summary>Owners claim what the chain holds for them, most of them after a while and some twice.</summary>
    public async Task ClaimPayouts()
    {
        while (true)
        {
            await Wait(ClaimPeriod);
            foreach (var settlement in Pool.Database.Settlements.Values.ToList())
            {
                foreach (var held in settlement.Held.Where(h => h.State is HoldState.Releasing or HoldState.Claimable && (h.Entry.Index + settlement.Epoch.Value) % 3 != 0))
                    Claim(settlement.Epoch, held.Entry);
            }
        }
    }

    /// <summary>Now and then somebody finds a difference and stops the payouts of one participant for some days.</summary>
    public async Task FreezePayouts()
    {
        for (var number = 0; Pool.Elapsed < Scenario.Month; number = (number + 1) % 3)
        {
            await Wait(FreezePeriod);
            var participant = Member.AddressOf(number);
            Pool.Database.PayoutFreezes.Add(new(participant, "simulated", "the reconciliation", DateTimeOffset.UnixEpoch));
            await Wait(FreezePeriod);
            Pool.Database.PayoutFreezes.RemoveAll(f => f.Participant == participant);
        }
    }

    private void Claim(EpochNumber epoch, Payable entry)
    {
        var payables = Pool.Database.Shares[epoch.Value].Where(s => s.PayableIndex is not null).OrderBy(s => s.PayableIndex)
            .Select(s => new Payable(s.PayableIndex!.Value, s.Participant, s.PayoutAddress, new(s.Payable))).ToList();
        var leaves = payables.Select(p => MerkleTree.LeafHash(PayoutLeaf.Bytes(epoch, p))).ToList();
        Pool.Chain.Claim(epoch, entry, MerkleTree.Proof(leaves, entry.Index));
    }

    private async Task Restart(TimeSpan downtime)
    {
        await Simulation.WhenUpAsync();
        await Simulation.StopAsync();
        await Wait(downtime);
        Simulation.Restart();
    }

    private async Task Upgrade(TimeSpan sideBySide)
    {
        await Simulation.WhenUpAsync();
        await Simulation.StopAsync();
        Simulation.Storage.OtherVersion = Pool.OtherVersion;
        Simulation.Restart();
        await Wait(sideBySide);
        Simulation.Storage.OtherVersion = null;
    }

    private async Task Crash(TimeSpan downtime)
    {
        Simulation.Crash();
        await Wait(downtime);
        Simulation.Restart();
    }

    private async Task ChainAway(TimeSpan duration)
    {
        Pool.Chain.IsAway = true;
        await Wait(duration);
        Pool.Chain.IsAway = false;
    }

    private async Task Underfund(Nanotons amount)
    {
        var before = Pool.Chain.FromOutsideTheBooks;
        Pool.Chain.Drain(amount);
        var drained = before - Pool.Chain.FromOutsideTheBooks;
        await Wait(TimeSpan.FromDays(1));
        if (drained.IsPositive)
            Pool.Chain.Deposit(ChainModel.Operator, ChainModel.Distribution, drained);
    }
}
