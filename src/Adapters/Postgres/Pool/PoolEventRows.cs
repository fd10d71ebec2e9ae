using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Pool;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Pool;

/// <summary>Rows of the journal of events, written by the rooms in the transactions of what happened: neither is there without the other.</summary>
internal static class PoolEventRows
{
    public const string Insert =
        "insert into pool_events (pool_id, id, at, type, participant, data) values (@poolId, @Id, @at, @Type, @participant, @Data::jsonb) on conflict do nothing";

    public static Task Append(NpgsqlTransaction transaction, string poolId, PoolEvent happened, CancellationToken cancellationToken) =>
        transaction.Execute(Insert, Parameters(poolId, happened), cancellationToken);

    /// <exception cref="ArgumentException">See <see cref="EventKinds.MustFit"/>.</exception>
    public static object Parameters(string poolId, PoolEvent happened)
    {
        EventKinds.MustFit(happened.Type, happened.Participant);
        return new { poolId, happened.Id, at = happened.At.UtcDateTime, happened.Type, participant = happened.Participant?.ToString(), happened.Data };
    }
}
