using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Epochs;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class DoubleClose(PoolPorts ports) : MemoryEpochStore(ports.Database, ports.Operations)
{
    public override async Task Finalize(string poolId, FinalizedEpoch epoch, CancellationToken cancellationToken = default)
    {
        await Database.Commit(Operations, "epochs", $"publish {epoch.Number}", () =>
        {
            Publish(epoch);
            Database.Epochs.Put(Database.Epochs.Find(epoch.Number)! with { Phase = EpochState.Closing });
        });
        await Database.Commit(Operations, "epochs", $"finalize {epoch.Number}", () =>
            Database.Epochs.Put(Database.Epochs.Find(epoch.Number)! with { Phase = EpochState.Finalized }));
    }
}

internal sealed class EndMovesWhileClosing(PoolPorts ports) : MemoryEpochStore(ports.Database, ports.Operations)
{
    public override async Task<EpochDescription> BeginClosing(string poolId, EpochNumber number, DateTimeOffset end, CancellationToken cancellationToken = default)
    {
        var closing = await base.BeginClosing(poolId, number, end, cancellationToken);
        return await Database.Commit(Operations, "epochs", $"end {number}", () =>
        {
            var moved = closing with { End = EpochCalendar.WholeMilliseconds(ports.Time.GetUtcNow()) };
            Database.Epochs.Put(moved);
            return moved;
        });
    }
}
