using CocoonPool.Adapters.Postgres.Commits;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>
/// Uptime on its way into the database. Intervals of a worker that touch are joined while they wait, so that what is kept in memory
/// when the database is away is about one interval per worker, however long that takes.
/// </summary>
internal sealed class UptimeJournal : IAsyncDisposable
{
    /// <summary>How long a heartbeat waits for its uptime to be durable before it is answered without.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly UptimeBatch _batch;
    private readonly TimeProvider _time;
    private readonly GroupCommit<bool, bool> _commits;
    private Dictionary<(string PoolId, WorkerId Worker), List<UptimeContribution>> _pending = [];
    private Dictionary<(string PoolId, WorkerId Worker), List<UptimeContribution>> _writing = [];

    public UptimeJournal(NpgsqlDataSource database, TimeProvider time)
    {
        _batch = new(database);
        _time = time;
        _commits = new(new(MaxWaiting: 100_000, MaxGroup: 100_000), _ => 1, Commit, time);
    }

    public async Task Record(string poolId, UptimeContribution uptime, CancellationToken cancellationToken)
    {
        lock (_lock)
            Keep(poolId, uptime);

        // Without room for one more who waits, the interval is written with the next group all the same.
        if (!_commits.TrySubmit(true, out var committed))
            return;
        try
        {
            await committed.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It stays in the journal; the heartbeat itself arrived in time and must be answered.
        }
    }

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private void Keep(string poolId, UptimeContribution uptime)
    {
        if (!_pending.TryGetValue((poolId, uptime.Worker), out var intervals))
            _pending[(poolId, uptime.Worker)] = intervals = [];
        if (intervals.Count > 0 && intervals[^1] is var last && last.To == uptime.From && last.Gpus == uptime.Gpus && last.Participant == uptime.Participant)
            intervals[^1] = last with { To = uptime.To };
        else
            intervals.Add(uptime);
    }

    /// <summary>Writes all that is pending. When it fails it is called again, and first writes the same intervals again.</summary>
    private async Task<IReadOnlyList<bool>> Commit(IReadOnlyList<bool> heartbeats, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_writing.Count == 0)
                (_writing, _pending) = (_pending, _writing);
        }

        foreach (var pool in _writing.GroupBy(intervals => intervals.Key.PoolId, intervals => intervals.Value, StringComparer.Ordinal))
            await _batch.Write(pool.Key, [.. pool.SelectMany(intervals => intervals)], cancellationToken);
        _writing.Clear();
        return heartbeats;
    }
}
