using Npgsql;

namespace CocoonPool.Adapters.Postgres.Pool;

/// <summary>Figures of the last 24 hours, and what was ever paid.</summary>
/// <param name="P50Ms">Latency percentiles in milliseconds; null without requests.</param>
public sealed record PerformanceFigures(long Requests, long Errors, double? P50Ms, double? P95Ms, double? P99Ms, long PaidTotal, long StakeTotal);

/// <summary>Figures of a pool that come from many rows. Kept for a few seconds, so that a busy console costs the database nothing.</summary>
public sealed class PoolStatistics(NpgsqlDataSource database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private PerformanceFigures? _figures;
    private DateTimeOffset _readAt;

    public void Dispose() => _gate.Dispose();

    public async Task<PerformanceFigures> Read(string poolId, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_figures is not null && now - _readAt < Kept)
                return _figures;
            _figures = (await database.Query<PerformanceFigures>(
                """
                select count(*) as "Requests", count(*) filter (where outcome = 1) as "Errors",
                    percentile_cont(0.5) within group (order by latency_ms) as "P50Ms",
                    percentile_cont(0.95) within group (order by latency_ms) as "P95Ms",
                    percentile_cont(0.99) within group (order by latency_ms) as "P99Ms",
                    (select coalesce(sum(total), 0)::bigint from settlement_messages where pool_id = @poolId and phase = 2 and index >= 0) as "PaidTotal",
                    (select coalesce(sum(stake), 0)::bigint from participants where pool_id = @poolId) as "StakeTotal"
                from contributions where pool_id = @poolId and ended_at > @since
                """,
                new { poolId, since = (now - TimeSpan.FromHours(24)).UtcDateTime }, cancellationToken)).Single();
            _readAt = now;
            return _figures;
        }
        finally
        {
            _gate.Release();
        }
    }
}
