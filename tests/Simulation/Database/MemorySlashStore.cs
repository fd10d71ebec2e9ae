using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="ISlashStore"/>
public class MemorySlashStore(PoolDatabase database, StoreOperations operations) : ISlashStore
{
    public Task<Slash?> Find(string poolId, string slashId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "slashes", "find", () => database.Slashes.GetValueOrDefault(slashId));

    public Task<IReadOnlyList<Slash>> List(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<Slash>>(operations, "slashes", "list", () => [.. database.Slashes.Values.Where(s => s.Participant == participant).OrderByDescending(s => s.OpenedAt)]);

    public Task Open(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default) => database.Commit(operations, "slashes", "open", () =>
    {
        if (database.Slashes.ContainsKey(slash.Id))
            return;
        database.Ledger.Append(transfers);
        database.Slashes.Add(slash.Id, slash);
        Tell(told);
    });

    public virtual Task Change(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default) => database.Commit(operations, "slashes", $"{slash.State}", () =>
    {
        if (database.Slashes[slash.Id] is not { IsPending: true } held || held.State >= slash.State || held.Revision != slash.Revision)
            return;
        database.Ledger.Append(transfers);
        database.Slashes[slash.Id] = held with { State = slash.State, Appeal = slash.Appeal, Ruling = slash.Ruling, EndedAt = slash.EndedAt };
        if (slash.State == SlashState.Final)
            Reputations.Change(database, slash.Participant, Reputation.AfterSlash);
        Tell(told);
    });

    /// <summary>Inside the commit of what it tells of.</summary>
    protected virtual void Tell(PoolEvent told) => database.Tell(told);
}

/// <summary>The one column of the participants that closings and slashes write.</summary>
internal static class Reputations
{
    public static void Change(PoolDatabase database, TonAddress participant, Func<int, int> change)
    {
        if (database.Participants.TryGetValue(participant, out var row))
            database.Participants[participant] = row with { Reputation = Math.Clamp(change(row.Reputation), Reputation.Lowest, Reputation.Highest) };
    }
}
