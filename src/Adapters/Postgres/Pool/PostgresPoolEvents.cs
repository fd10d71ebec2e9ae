using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Pool;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Pool;

/// <inheritdoc cref="IPoolEvents"/>
public sealed class PostgresPoolEvents(NpgsqlDataSource database) : IPoolEvents
{
    public Task Append(string poolId, PoolEvent happened, CancellationToken cancellationToken = default) =>
        database.Execute(PoolEventRows.Insert, PoolEventRows.Parameters(poolId, happened), cancellationToken);

    public async Task<IReadOnlyList<PoolEvent>> List(string poolId, TonAddress participant, int limit, IReadOnlyList<string>? without = null, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>("select id, at, type, data::text from pool_events where pool_id = @poolId and participant = @participant and type <> all(@without) order by sequence desc limit @limit",
                new { poolId, participant = participant.ToString(), limit, without = (without ?? []).ToArray() }, cancellationToken))
            .Select(row => new PoolEvent(row.Id, row.At.Utc(), row.Type, participant, row.Data))];

    private sealed record Row(string Id, DateTime At, string Type, string Data);
}
