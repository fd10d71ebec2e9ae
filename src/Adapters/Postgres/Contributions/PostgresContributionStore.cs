using System.Globalization;
using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <inheritdoc cref="IContributionStore"/>
public sealed class PostgresContributionStore(NpgsqlDataSource database) : IContributionStore
{
    private const string InsertContribution =
        """
        insert into contributions (pool_id, task_id, epoch, late, worker_id, participant, model, outcome, prompt_tokens, cached_tokens,
            completion_tokens, reasoning_tokens, adjusted_tokens, quality_ppm, latency_ms, first_token_ms, started_at, ended_at, flagged,
            receipt, batch_root, batch_signature, inclusion_proof, recorded_at)
        select @poolId, @task, e.epoch, e.late, @worker, @participant, @model, @outcome, @prompt, @cached, @completion, @reasoning, @adjusted,
            @quality, @latency, @firstToken, @started, @ended, @flagged, @receipt, @root, @signature, @proof, @arrived
        from epoch_for(@poolId, @ended) e
        on conflict (pool_id, task_id) do nothing
        returning epoch
        """;

    private const string AddToTally =
        """
        insert into epoch_tallies (pool_id, epoch, participant, adjusted_tokens, gpu_milliseconds, tasks, failed_tasks, quality_tokens, prompt_tokens, completion_tokens)
        values (@poolId, @epoch, @participant, @adjusted, @gpuMilliseconds, @tasks, @failed, @qualityTokens::numeric, @prompt, @completion)
        on conflict (pool_id, epoch, participant) do update set
            adjusted_tokens = epoch_tallies.adjusted_tokens + excluded.adjusted_tokens,
            gpu_milliseconds = epoch_tallies.gpu_milliseconds + excluded.gpu_milliseconds,
            tasks = epoch_tallies.tasks + excluded.tasks,
            failed_tasks = epoch_tallies.failed_tasks + excluded.failed_tasks,
            quality_tokens = epoch_tallies.quality_tokens + excluded.quality_tokens,
            prompt_tokens = epoch_tallies.prompt_tokens + excluded.prompt_tokens,
            completion_tokens = epoch_tallies.completion_tokens + excluded.completion_tokens
        """;

    public async Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default)
    {
        if (contributions.Count == 0)
            return [];
        return await database.InTransaction<IReadOnlyList<ContributionResult>>(
            async (_, transaction) =>
            {
                // Rows are written in one order by everybody, so that two writers with the same receipts wait instead of deadlocking.
                var results = new ContributionResult[contributions.Count];
                foreach (var index in Enumerable.Range(0, contributions.Count).OrderBy(i => contributions[i].Receipt.TaskId.Value, StringComparer.Ordinal))
                    results[index] = await RecordOne(transaction, poolId, contributions[index], cancellationToken);
                return results;
            },
            cancellationToken);
    }

    public Task RecordUptime(string poolId, UptimeContribution uptime, CancellationToken cancellationToken = default) => database.InTransaction(
        async (_, transaction) =>
        {
            var moved = await transaction.Execute(
                """
                insert into uptime_marks (pool_id, worker_id, credited_until) values (@poolId, @worker, @to)
                on conflict (pool_id, worker_id) do update set credited_until = excluded.credited_until where uptime_marks.credited_until <= @from
                """,
                new { poolId, worker = uptime.Worker.Value, from = uptime.From.UtcDateTime, to = uptime.To.UtcDateTime }, cancellationToken);
            if (moved == 0)
                return;
            var epoch = (await transaction.Query<int>("select epoch from epoch_for(@poolId, @to)", new { poolId, to = uptime.To.UtcDateTime }, cancellationToken)).Single();
            await Add(transaction, poolId, epoch, uptime.Participant, default, 0, uptime.GpuMilliseconds, 0, 0, BigInteger.Zero, cancellationToken);
        },
        cancellationToken);

    public async Task<DateTimeOffset?> UptimeCreditedUntil(string poolId, WorkerId worker, CancellationToken cancellationToken = default) =>
        (await database.Query<DateTime>("select credited_until from uptime_marks where pool_id = @poolId and worker_id = @worker", new { poolId, worker = worker.Value }, cancellationToken))
            .Select(t => (DateTimeOffset?)t.Utc()).SingleOrDefault();

    public async Task<IReadOnlyList<RecordedReceipt>> Receipts(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<ReceiptRow>(
            """
            select task_id as "Task", worker_id as "Worker", model, epoch, late, outcome, prompt_tokens as "Prompt", completion_tokens as "Completion",
                adjusted_tokens as "Adjusted", quality_ppm as "Quality", latency_ms as "Latency", ended_at as "Ended", flagged
            from contributions where pool_id = @poolId and participant = @participant order by ended_at desc limit @limit
            """, new { poolId, participant = participant.ToString(), limit }, cancellationToken))
            .Select(row => new RecordedReceipt(
                new(row.Task), new(row.Worker), row.Model, new(row.Epoch), row.Late, (TaskOutcome)row.Outcome, row.Prompt, row.Completion,
                row.Adjusted, row.Quality, row.Latency, row.Ended.Utc(), row.Flagged))];

    public async Task<IReadOnlyList<EpochTally>> Tallies(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(
            """
            select participant, adjusted_tokens::text as "Adjusted", gpu_milliseconds::text as "Gpu", tasks, failed_tasks as "Failed",
                quality_tokens::text as "Quality", prompt_tokens::bigint as "Prompt", completion_tokens::bigint as "Completion"
            from epoch_tallies where pool_id = @poolId and epoch = @epoch
            """, new { poolId, epoch = epoch.Value }, cancellationToken))
            .Select(row => new EpochTally(
                new(TonAddress.Parse(row.Participant), Integer(row.Adjusted), Integer(row.Gpu), row.Tasks, Integer(row.Quality), row.Failed), row.Prompt, row.Completion))
            .OrderBy(t => t.Tally.Participant)];

    private static async Task<ContributionResult> RecordOne(NpgsqlTransaction transaction, string poolId, Contribution contribution, CancellationToken cancellationToken)
    {
        var receipt = contribution.Receipt;
        var epochs = await transaction.Query<int>(
            InsertContribution,
            new
            {
                poolId,
                task = receipt.TaskId.Value,
                worker = receipt.Worker.Value,
                participant = receipt.Participant.ToString(),
                model = receipt.Model,
                outcome = (short)receipt.Outcome,
                prompt = contribution.Credited.Prompt,
                cached = contribution.Credited.Cached,
                completion = contribution.Credited.Completion,
                reasoning = contribution.Credited.Reasoning,
                adjusted = contribution.CreditedAdjustedTokens,
                quality = contribution.QualityPpm,
                latency = receipt.LatencyMs,
                firstToken = receipt.TimeToFirstTokenMs,
                started = receipt.StartedAt.UtcDateTime,
                ended = receipt.EndedAt.UtcDateTime,
                flagged = contribution.Flagged,
                receipt = contribution.Canonical,
                root = contribution.BatchRoot,
                signature = contribution.BatchSignature,
                proof = contribution.InclusionProof,
                arrived = contribution.ArrivedAt.UtcDateTime,
            },
            cancellationToken);
        if (epochs.Count == 0)
        {
            var known = await transaction.Query<byte[]>("select receipt from contributions where pool_id = @poolId and task_id = @task", new { poolId, task = receipt.TaskId.Value }, cancellationToken);
            return known.Single().AsSpan().SequenceEqual(contribution.Canonical) ? ContributionResult.Duplicate : ContributionResult.Conflict;
        }
        var success = receipt.Outcome == TaskOutcome.Success;
        var quality = success && contribution.QualityPpm is { } ppm ? (BigInteger)contribution.CreditedAdjustedTokens * ppm : BigInteger.Zero;
        await Add(transaction, poolId, epochs[0], receipt.Participant, contribution.Credited, success ? contribution.CreditedAdjustedTokens : 0, 0,
            success ? 1 : 0, receipt.Outcome == TaskOutcome.WorkerFault ? 1 : 0, quality, cancellationToken);
        return ContributionResult.Recorded;
    }

    private static Task<int> Add(
        NpgsqlTransaction transaction, string poolId, int epoch, TonAddress participant, TokenCounts tokens, long adjusted, long gpuMilliseconds,
        long tasks, long failed, BigInteger qualityTokens, CancellationToken cancellationToken) => transaction.Execute(
        AddToTally,
        new
        {
            poolId,
            epoch,
            participant = participant.ToString(),
            adjusted,
            gpuMilliseconds,
            tasks,
            failed,
            qualityTokens = qualityTokens.ToString(CultureInfo.InvariantCulture),
            prompt = tokens.Prompt,
            completion = tokens.Completion,
        },
        cancellationToken);

    private static BigInteger Integer(string text) => BigInteger.Parse(text, CultureInfo.InvariantCulture);

    private sealed record ReceiptRow(
        string Task, string Worker, string Model, int Epoch, bool Late, short Outcome, long Prompt, long Completion, long Adjusted, int? Quality,
        long Latency, DateTime Ended, bool Flagged);

    private sealed record Row(string Participant, string Adjusted, string Gpu, long Tasks, long Failed, string Quality, long Prompt, long Completion);
}
