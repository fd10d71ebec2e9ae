using CocoonPool.Grains.Audit;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class LineAfterStep(PoolPorts ports) : MemoryAuditJournal(ports.Database, ports.Operations)
{
    private readonly Queue<AuditStep> _later = [];

    public override async Task Write(string poolId, AuditStep step, CancellationToken cancellationToken = default)
    {
        _later.Enqueue(step);
        if (_later.Count > 1)
            await base.Write(poolId, _later.Dequeue(), cancellationToken);
    }
}
