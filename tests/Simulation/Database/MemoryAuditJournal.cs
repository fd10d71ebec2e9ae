using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Audit;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IAuditJournal"/>
public class MemoryAuditJournal(PoolDatabase database, StoreOperations operations) : IAuditJournal
{
    public virtual Task Write(string poolId, AuditStep step, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "audit", step.Operation, () => database.AuditLines.TryAdd(step.Operation, step));
}
