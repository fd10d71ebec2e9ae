using CocoonPool.Domain.Ledger;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>What happens to the pool: customers pay, hosts stop, clocks are set, the chain goes away.</summary>
public sealed class Surroundings(SimulatedPool pool) : PoolClient(pool)
{
    private static readonly TimeSpan CustodyPeriod = TimeSpan.FromHours(3);

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

    /// <summary>Whoever holds the stakes pays out what is to be paid, a few times a day, for as long as the simulation is driven.</summary>
    public async Task PayStakes()
    {
        while (true)
        {
            await Wait(CustodyPeriod);
            foreach (var (key, row) in Pool.Database.StakeReleases.Where(r => r.Value.Transaction is null).ToList())
            {
                Auditor.StakePaid(row);
                Pool.Database.StakeReleases[key] = row with { Transaction = $"stake-tx-{key.Withdrawal}" };
            }
        }
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
