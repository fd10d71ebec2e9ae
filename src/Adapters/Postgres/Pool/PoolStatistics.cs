using Npgsql;

namespace CocoonPool.Adapters.Postgres.Pool;

/// <summary>Figures of the last 24 hours, and what was ever paid.</summary>
/// <param name="P50Ms">Latency percentiles in milliseconds; null without requests.</param>
public sealed record PerformanceFigures(long Requests, long Errors, double? P50Ms, double? P95Ms, double? P99Ms, long PaidTotal, long StakeTotal);

/// <summary>
/// Figures of a pool that come from many rows: exact, but not of this moment. They are kept at least two seconds and at least twenty
/// times as long as reading them took (five minutes at most), so that however many rows there are and however many consoles look, the
/// database spends little more than a twentieth of one connection on them.
/// </summary>
public sealed class PoolStatistics(NpgsqlDataSource database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LeastKept = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestKept = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private PerformanceFigures? _figures;
    private DateTimeOffset _keptUntil;

    /// <summary>How long figures stand before they are read again.</summary>
    /// <param name="reading">How long it took to read them.</param>
    public static TimeSpan KeptAfter(TimeSpan reading) =>
        TimeSpan.FromTicks(Math.Clamp(reading.Ticks * 20, LeastKept.Ticks, LongestKept.Ticks));

    public void Dispose() => _gate.Dispose();

    public async Task<PerformanceFigures> Read(string poolId, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_figures is not null && now < _keptUntil)
                return _figures;
            var start = time.GetTimestamp();
            _figures = (await database.Query<PerformanceFigures>(
                """
                select count(*) as "Requests", count(*) filter (where outcome = 1) as "Errors",
                    percentile_cont(0.5) within group (order by latency_ms) as "P50Ms",
                    percentile_cont(0.95) within group (order by latency_ms) as "P95Ms",
                    percentile_cont(0.99) within group (order by latency_ms) as "P99Ms",
                    (select coalesce(sum(total), 0)::bigint from settlement_messages where pool_id = @poolId and phase = 2 and index >= 0)
                        + (select coalesce(sum(amount), 0)::bigint from settlement_payouts where pool_id = @poolId and held = 3) as "PaidTotal",
                    (select coalesce(sum(stake), 0)::bigint from participants where pool_id = @poolId) as "StakeTotal"
                from contributions where pool_id = @poolId and ended_at > @since and assigned_at > @assignedSince
                """,
                new
                {
                    poolId,
                    since = (now - TimeSpan.FromHours(24)).UtcDateTime,
                    // No task runs for a day; the partitions of months before need not be looked at.
                    assignedSince = (now - TimeSpan.FromHours(48)).UtcDateTime,
                },
                cancellationToken)).Single();
            _keptUntil = now + KeptAfter(time.GetElapsedTime(start));
            return _figures;
        }
        finally
        {
            _gate.Release();
        }
    }
}
