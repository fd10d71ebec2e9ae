using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>Contributions read back as receipts: what was credited, and the bytes and signature that the worker sent.</summary>
internal static class ReceiptReader
{
    private const string Figures =
        """
        task_id as "Task", worker_id as "Worker", model, epoch, late, outcome, prompt_tokens as "Prompt", completion_tokens as "Completion",
            adjusted_tokens as "Adjusted", quality_ppm as "Quality", latency_ms as "Latency", ended_at as "Ended", flagged
        """;

    public static async Task<IReadOnlyList<RecordedReceipt>> Newest(
        NpgsqlDataSource database, string poolId, TonAddress participant, int limit, (DateTimeOffset EndedAt, TaskId Task)? before, CancellationToken cancellationToken) =>
        [.. (await database.Query<Row>(
            $"""
            select {Figures} from contributions where pool_id = @poolId and participant = @participant
                and (ended_at < @endedAt or (ended_at = @endedAt and task_id > @task)) order by ended_at desc, task_id limit @limit
            """,
            new
            {
                poolId,
                participant = participant.ToString(),
                limit,
                endedAt = before?.EndedAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
                task = before?.Task.Value ?? "",
            },
            cancellationToken)).Select(Read)];

    public static async Task<IReadOnlyList<ProvenReceipt>> Proven(NpgsqlDataSource database, string poolId, TaskId task, CancellationToken cancellationToken) =>
        [.. (await database.Query<ProvenRow>(
            $"""
            select {Figures}, participant, assigned_at as "Assigned", receipt as "Canonical", batch_root as "Root", batch_signature as "Signature", inclusion_proof as "Proof"
            from contributions where pool_id = @poolId and task_id = @task order by assigned_at
            """,
            new { poolId, task = task.Value }, cancellationToken))
            .Select(row => new ProvenReceipt(Read(row), TonAddress.Parse(row.Participant), row.Assigned.Utc(), row.Canonical, row.Root, row.Signature, row.Proof))];

    private static RecordedReceipt Read(Row row) => new(
        new(row.Task), new(row.Worker), row.Model, new(row.Epoch), row.Late, (TaskOutcome)row.Outcome, row.Prompt, row.Completion,
        row.Adjusted, row.Quality, row.Latency, row.Ended.Utc(), row.Flagged);

    private record Row
    {
        public string Task { get; init; } = "";
        public string Worker { get; init; } = "";
        public string Model { get; init; } = "";
        public int Epoch { get; init; }
        public bool Late { get; init; }
        public short Outcome { get; init; }
        public long Prompt { get; init; }
        public long Completion { get; init; }
        public long Adjusted { get; init; }
        public int? Quality { get; init; }
        public long Latency { get; init; }
        public DateTime Ended { get; init; }
        public bool Flagged { get; init; }
    }

    private sealed record ProvenRow : Row
    {
        public string Participant { get; init; } = "";
        public DateTime Assigned { get; init; }
        public byte[] Canonical { get; init; } = [];
        public byte[] Root { get; init; } = [];
        public byte[] Signature { get; init; } = [];
        public byte[] Proof { get; init; } = [];
    }
}
