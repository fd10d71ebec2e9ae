using CocoonPool.Adapters.Postgres.Commits;
using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>
/// Writes many contributions in one transaction: one look at what is known already, one binary COPY of what is new, one statement for
/// the tallies. It may look first because it is the only writer of its pool until it commits; the primary key stands behind that.
/// </summary>
internal sealed class ContributionBatch(NpgsqlDataSource database)
{
    private const string Locks =
        $"""
        select pg_advisory_xact_lock(hashtextextended('contributions/' || $1, 0)), pg_advisory_xact_lock_shared({OpenEpochs.Key}),
            pg_advisory_xact_lock_shared(hashtextextended('{ContributionArchive.RetireKey}', 0)),
            {PlanByIndex.Columns}
        """;

    // The limit keeps the planner to one index look-up per receipt whatever it believes about the table's size.
    private const string Known =
        """
        select k.place, c.receipt
        from unnest($2::text[], $3::timestamptz[]) with ordinality k (task, assigned, place)
        cross join lateral (
            select receipt from contributions where pool_id = $1 and task_id = k.task and assigned_at = k.assigned limit 1) c
        """;

    private readonly HashSet<(int Year, int Month)> _months = [];

    /// <summary>One result per contribution, in order, after the commit. To be called by one caller at a time.</summary>
    public async Task<ContributionResult[]> Write(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken)
    {
        await EnsureMonths(contributions, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (horizon, open, known) = await Look(transaction, poolId, contributions, cancellationToken);
        var results = Judge(contributions, horizon, known);
        var fresh = Enumerable.Range(0, results.Length).Where(i => results[i] == ContributionResult.Recorded).Select(i => contributions[i]).ToList();
        if (fresh.Count > 0)
        {
            var epochs = await OpenEpochs.Reaching(transaction, poolId, open, fresh.Max(contribution => contribution.ArrivedAt), cancellationToken);
            await Add(transaction, poolId, fresh, epochs, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return results;
    }

    private static async Task Add(
        NpgsqlTransaction transaction, string poolId, List<Contribution> fresh, IReadOnlyList<OpenEpoch> epochs, CancellationToken cancellationToken)
    {
        var tallies = new TallyRows();
        await using (var copy = await transaction.Connection!.BeginBinaryImportAsync(ContributionRows.Copy, cancellationToken))
        {
            foreach (var contribution in fresh)
            {
                var epoch = EpochAssignment.Of(contribution.Receipt.EndedAt, contribution.ArrivedAt, epochs);
                await ContributionRows.Write(copy, poolId, epoch, contribution, cancellationToken);
                tallies.Include(epoch.Number, contribution.Receipt.Participant, Increment(contribution));
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await tallies.Write(transaction, poolId, cancellationToken);
    }

    private static TallyIncrement Increment(Contribution contribution) => TallyIncrement.Of(
        contribution.Receipt.Outcome, 1, contribution.CreditedAdjustedTokens,
        (System.Numerics.BigInteger)contribution.CreditedAdjustedTokens * (contribution.QualityPpm ?? 0), contribution.Credited.Prompt, contribution.Credited.Completion);

    /// <summary>Takes the locks, then reads everything that decides, in one round trip.</summary>
    private static async Task<(DateTime Horizon, List<OpenEpoch> Open, Dictionary<int, byte[]> Known)> Look(
        NpgsqlTransaction transaction, string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction)
        {
            BatchCommands =
            {
                new(Locks) { Parameters = { new() { Value = poolId } } },
                new("select assigned_before from contribution_horizon"),
                new(OpenEpochs.Select) { Parameters = { new() { Value = poolId } } },
                new(Known)
                {
                    Parameters =
                    {
                        new() { Value = poolId },
                        new() { Value = contributions.Select(c => c.Receipt.TaskId.Value).ToArray() },
                        new() { Value = contributions.Select(c => c.AssignedAt.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var horizon = reader.GetDateTime(0);
        await reader.NextResultAsync(cancellationToken);
        var open = await OpenEpochs.Read(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var known = new Dictionary<int, byte[]>();
        while (await reader.ReadAsync(cancellationToken))
            known[(int)reader.GetInt64(0) - 1] = reader.GetFieldValue<byte[]>(1);
        return (horizon, open, known);
    }

    private static ContributionResult[] Judge(IReadOnlyList<Contribution> contributions, DateTime horizon, Dictionary<int, byte[]> known)
    {
        var inThisBatch = new Dictionary<(string Task, DateTimeOffset AssignedAt), byte[]>(contributions.Count);
        var results = new ContributionResult[contributions.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var contribution = contributions[i];
            var identity = (contribution.Receipt.TaskId.Value, contribution.AssignedAt);
            if (contribution.AssignedAt.UtcDateTime < horizon)
                results[i] = ContributionResult.Expired;
            else if (known.TryGetValue(i, out var recorded) || inThisBatch.TryGetValue(identity, out recorded))
                results[i] = recorded.AsSpan().SequenceEqual(contribution.Canonical) ? ContributionResult.Duplicate : ContributionResult.Conflict;
            else
                inThisBatch.Add(identity, contribution.Canonical);
        }

        return results;
    }

    private async Task EnsureMonths(IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken)
    {
        foreach (var contribution in contributions)
        {
            var month = contribution.AssignedAt.UtcDateTime;
            if (_months.Contains((month.Year, month.Month)))
                continue;
            await ContributionArchive.Ensure(database, contribution.AssignedAt, contribution.AssignedAt, cancellationToken);
            _months.Add((month.Year, month.Month));
        }
    }
}
