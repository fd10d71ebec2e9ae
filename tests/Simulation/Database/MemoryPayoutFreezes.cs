using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IPayoutFreezes"/>
public sealed class MemoryPayoutFreezes(PoolDatabase database, StoreOperations operations) : IPayoutFreezes
{
    public Task<bool> Freeze(string poolId, PayoutFreeze freeze, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "freezes", $"freeze {freeze.Participant}", () =>
        {
            if (database.PayoutFreezes.Exists(f => f.Participant == freeze.Participant))
                return false;
            database.PayoutFreezes.Add(freeze);
            return true;
        });

    public Task<bool> Lift(string poolId, TonAddress participant, string by, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "freezes", $"lift {participant}", () => database.PayoutFreezes.RemoveAll(f => f.Participant == participant) > 0);

    public Task<IReadOnlyList<PayoutFreeze>> List(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<PayoutFreeze>>(operations, "freezes", "list", () => [.. database.PayoutFreezes]);
}
