using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>
/// Writes the uptime of many workers in one transaction with one statement per table. The marks in the database decide what was
/// credited before, and one writer at a time reads and moves them, so no moment of a worker counts twice whoever tells it.
/// </summary>
internal sealed class UptimeBatch(NpgsqlDataSource database)
{
    private const string Locks = $"select pg_advisory_xact_lock(hashtextextended('uptime/' || $1, 0)), pg_advisory_xact_lock_shared({OpenEpochs.Key})";

    private const string Marks =
        "select worker_id, participant, epoch, gpus, since, credited_until from uptime_marks where pool_id = $1 and worker_id = any($2)";

    private const string MoveMarks =
        """
        insert into uptime_marks as m (pool_id, worker_id, participant, epoch, gpus, since, credited_until)
        select $1, * from unnest($2::text[], $3::text[], $4::integer[], $5::integer[], $6::timestamptz[], $7::timestamptz[])
        on conflict (pool_id, worker_id) do update set
            participant = excluded.participant, epoch = excluded.epoch, gpus = excluded.gpus, since = excluded.since, credited_until = excluded.credited_until
        """;

    private const string EndSpans =
        """
        insert into uptime_spans (pool_id, epoch, worker_id, since, until, participant, gpu_milliseconds)
        select $1, * from unnest($2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::bigint[])
        """;

    public async Task Write(string poolId, IReadOnlyList<UptimeContribution> intervals, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (open, running) = await Look(transaction, poolId, [.. intervals.Select(i => i.Worker.Value).Distinct(StringComparer.Ordinal)], cancellationToken);
        var epochs = await OpenEpochs.Reaching(transaction, poolId, open, intervals.Max(i => i.To), cancellationToken);
        var ended = new List<(WorkerId Worker, UptimeSpan Span)>();
        var moved = new HashSet<WorkerId>();
        var tallies = new TallyRows();
        foreach (var interval in intervals)
        {
            UptimeMark? mark = running.TryGetValue(interval.Worker, out var current) ? new(current.Until) : null;
            foreach (var part in UptimeParts.Of(Uptime.BeginBeyond(mark, interval.From), interval.To, epochs))
            {
                var span = new UptimeSpan(interval.Participant, part.Epoch, interval.Gpus, part.From, part.To);
                if (running.TryGetValue(interval.Worker, out current) && current.Join(span) is null && current.Until > current.Since)
                    ended.Add((interval.Worker, current));
                running[interval.Worker] = current.Join(span) ?? span;
                moved.Add(interval.Worker);
                tallies.Include(part.Epoch, interval.Participant, TallyIncrement.OfUptime(span.GpuMilliseconds));
            }
        }

        if (moved.Count > 0)
            await Save(transaction, poolId, [.. moved.Select(worker => (worker, running[worker]))], ended, cancellationToken);
        await tallies.Write(transaction, poolId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<(List<OpenEpoch> Open, Dictionary<WorkerId, UptimeSpan> Running)> Look(
        NpgsqlTransaction transaction, string poolId, string[] workers, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction)
        {
            BatchCommands =
            {
                new(Locks) { Parameters = { new() { Value = poolId } } },
                new(OpenEpochs.Select) { Parameters = { new() { Value = poolId } } },
                new(Marks) { Parameters = { new() { Value = poolId }, new() { Value = workers } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var open = await OpenEpochs.Read(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var running = new Dictionary<WorkerId, UptimeSpan>();
        var participants = new Dictionary<string, TonAddress>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            // A mark of before spans were kept names nobody; it only says how far was credited.
            var owner = reader.GetString(1);
            if (!participants.TryGetValue(owner, out var participant) && owner.Length > 0)
                participants[owner] = participant = TonAddress.Parse(owner);
            running[new(reader.GetString(0))] = new(
                participant, new(reader.GetInt32(2)), reader.GetInt32(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5));
        }

        return (open, running);
    }

    private static async Task Save(
        NpgsqlTransaction transaction, string poolId, List<(WorkerId Worker, UptimeSpan Span)> marks, List<(WorkerId Worker, UptimeSpan Span)> ended,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction);
        batch.BatchCommands.Add(new(MoveMarks)
        {
            Parameters =
            {
                new() { Value = poolId },
                new() { Value = marks.ConvertAll(m => m.Worker.Value) },
                new() { Value = marks.ConvertAll(m => m.Span.Participant.ToString()) },
                new() { Value = marks.ConvertAll(m => m.Span.Epoch.Value) },
                new() { Value = marks.ConvertAll(m => m.Span.Gpus) },
                Times(marks.ConvertAll(m => m.Span.Since.UtcDateTime)),
                Times(marks.ConvertAll(m => m.Span.Until.UtcDateTime)),
            },
        });
        if (ended.Count > 0)
        {
            batch.BatchCommands.Add(new(EndSpans)
            {
                Parameters =
                {
                    new() { Value = poolId },
                    new() { Value = ended.ConvertAll(e => e.Span.Epoch.Value) },
                    new() { Value = ended.ConvertAll(e => e.Worker.Value) },
                    Times(ended.ConvertAll(e => e.Span.Since.UtcDateTime)),
                    Times(ended.ConvertAll(e => e.Span.Until.UtcDateTime)),
                    new() { Value = ended.ConvertAll(e => e.Span.Participant.ToString()) },
                    new() { Value = ended.ConvertAll(e => e.Span.GpuMilliseconds) },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Times(List<DateTime> times) => new() { Value = times, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
