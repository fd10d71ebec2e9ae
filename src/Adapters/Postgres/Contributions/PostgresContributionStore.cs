using CocoonPool.Adapters.Postgres.Commits;
using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <inheritdoc cref="IContributionStore"/>
public sealed class PostgresContributionStore : IContributionStore, IAsyncDisposable
{
    /// <summary>Less than the 30 seconds that a grain call may take, so that the sender always gets an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ContributionBatch _batch;
    private readonly GroupCommit<Submission, ContributionResult[]> _commits;
    private readonly UptimeJournal _uptime;

    /// <summary>Some tens of megabytes of receipts may wait; a transaction takes as many as commit in well under a second.</summary>
    public PostgresContributionStore(NpgsqlDataSource database, TimeProvider time)
    {
        (_database, _time, _batch, _uptime) = (database, time, new(database), new(database, time));
        _commits = new(new(MaxWaiting: 32_768, MaxGroup: 8_192), submission => submission.Contributions.Count, Commit, time);
    }

    private sealed record Submission(string PoolId, IReadOnlyList<Contribution> Contributions);

    public async Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default)
    {
        if (contributions.Count == 0)
            return [];
        if (!_commits.TrySubmit(new(poolId, contributions), out var committed))
            return Busy(contributions);
        try
        {
            return await committed.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Busy(contributions);
        }
    }

    public Task RecordUptime(string poolId, UptimeContribution uptime, CancellationToken cancellationToken = default) =>
        _uptime.Record(poolId, uptime, cancellationToken);

    public Task<IReadOnlyList<RecordedReceipt>> Receipts(
        string poolId, TonAddress participant, int limit, (DateTimeOffset EndedAt, TaskId Task)? before = null, CancellationToken cancellationToken = default) =>
        ReceiptReader.Newest(_database, poolId, participant, limit, before, cancellationToken);

    public Task<IReadOnlyList<ProvenReceipt>> Proven(string poolId, TaskId task, CancellationToken cancellationToken = default) =>
        ReceiptReader.Proven(_database, poolId, task, cancellationToken);

    public async Task<IReadOnlyList<EpochTally>> Tallies(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        [.. (await _database.Query<TallyRow>(
            """
            select participant, adjusted_tokens::text as "Adjusted", gpu_milliseconds::text as "Gpu", tasks, failed_tasks as "Failed",
                quality_tokens::text as "Quality", prompt_tokens::bigint as "Prompt", completion_tokens::bigint as "Completion"
            from epoch_tallies where pool_id = @poolId and epoch = @epoch
            """, new { poolId, epoch = epoch.Value }, cancellationToken))
            .Select(row => new EpochTally(
                new(TonAddress.Parse(row.Participant), TallyRows.Integer(row.Adjusted), TallyRows.Integer(row.Gpu), row.Tasks, TallyRows.Integer(row.Quality), row.Failed),
                row.Prompt, row.Completion))
            .OrderBy(t => t.Tally.Participant)];

    public Task<IReadOnlyList<TallyDifference>> CompareTallies(string poolId, EpochNumber epoch, bool repair, CancellationToken cancellationToken = default) =>
        _database.InTransaction<IReadOnlyList<TallyDifference>>(
            async (_, transaction) =>
            {
                // The difference is added, not the sum set, so that batches which commit meanwhile keep their part; two repairs at
                // once would add it twice. The epoch stays open until the commit.
                await transaction.Execute("select pg_advisory_xact_lock(hashtextextended('tallies/' || @poolId, 0))", new { poolId }, cancellationToken);
                await OpenEpochs.Hold(transaction, poolId, cancellationToken);
                var (differences, corrections) = await TallyComparison.Read(transaction, poolId, epoch, cancellationToken);
                if (repair && await IsOpen(transaction, poolId, epoch, cancellationToken))
                    await corrections.Write(transaction, poolId, cancellationToken);
                return differences;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        await _uptime.DisposeAsync();
    }

    private static async Task<bool> IsOpen(NpgsqlTransaction transaction, string poolId, EpochNumber epoch, CancellationToken cancellationToken) =>
        (await transaction.Query<int>("select 1 from epochs where pool_id = @poolId and number = @number and phase = 0", new { poolId, number = epoch.Value }, cancellationToken)).Count == 1;

    private static ContributionResult[] Busy(IReadOnlyList<Contribution> contributions)
    {
        var results = new ContributionResult[contributions.Count];
        Array.Fill(results, ContributionResult.Busy);
        return results;
    }

    private async Task<IReadOnlyList<ContributionResult[]>> Commit(IReadOnlyList<Submission> group, CancellationToken cancellationToken)
    {
        var answers = new ContributionResult[group.Count][];
        foreach (var pool in group.Index().GroupBy(entry => entry.Item.PoolId, StringComparer.Ordinal))
        {
            var results = await CommitMetrics.Measure("contributions", () => _batch.Write(pool.Key, [.. pool.SelectMany(entry => entry.Item.Contributions)], cancellationToken));
            CommitMetrics.ContributionsRecorded(results.Count(result => result == ContributionResult.Recorded));
            var taken = 0;
            foreach (var (index, submission) in pool)
            {
                answers[index] = results[taken..(taken + submission.Contributions.Count)];
                taken += submission.Contributions.Count;
            }
        }

        return answers;
    }

    private sealed record TallyRow(string Participant, string Adjusted, string Gpu, long Tasks, long Failed, string Quality, long Prompt, long Completion);
}
