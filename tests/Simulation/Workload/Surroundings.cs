using CocoonPool.Domain.Ledger;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>What happens to the pool: customers pay, hosts stop, clocks are set, the chain goes away.</summary>
public sealed class Surroundings(SimulatedPool pool) : PoolClient(pool)
{
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
                    OperationKind.Crash => Crash(TimeSpan.FromMinutes(operation.Amount)),
                    OperationKind.ChainAway => ChainAway(TimeSpan.FromHours(operation.Amount)),
                    OperationKind.Underfund => Underfund(Nanotons.FromTon(operation.Amount)),
                    _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "This does not happen by itself."),
                };
        }
    }

    private async Task Restart(TimeSpan downtime)
    {
        await Simulation.WhenUpAsync();
        await Simulation.StopAsync();
        await Wait(downtime);
        Simulation.Restart();
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
