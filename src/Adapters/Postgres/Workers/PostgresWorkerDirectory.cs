using System.Text.Json;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Workers;

/// <inheritdoc cref="IWorkerDirectory"/>
public sealed class PostgresWorkerDirectory(NpgsqlDataSource database) : IWorkerDirectory
{
    public Task Announce(string poolId, WorkerId worker, long revision, CancellationToken cancellationToken = default) =>
        DirectoryMarks.Announce(database, poolId, DirectoryMarks.Workers, worker.Value, revision, cancellationToken);

    public async Task<IReadOnlyList<WorkerId>> Behind(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await DirectoryMarks.Behind(database, poolId, DirectoryMarks.Workers, cancellationToken)).Select(id => new WorkerId(id))];

    public Task Save(string poolId, WorkerDescription worker, DateTimeOffset? activeSince, long revision, CancellationToken cancellationToken = default) => database.Execute(
        $"""
        insert into workers (pool_id, worker_id, participant, state, gpus, active_since, description, revision)
        values (@poolId, @id, @participant, @state, @gpus, @activeSince, @description::jsonb, @revision)
        on conflict (pool_id, worker_id) do update set state = excluded.state, gpus = excluded.gpus,
            active_since = excluded.active_since, description = excluded.description, revision = excluded.revision
        where workers.revision <= excluded.revision;
        {DirectoryMarks.Clear}
        """,
        new
        {
            poolId,
            kind = DirectoryMarks.Workers,
            key = worker.Id.Value,
            revision,
            id = worker.Id.Value,
            participant = worker.Registration.Participant.ToString(),
            state = worker.State.ToString(),
            gpus = worker.Registration.GpuCount,
            activeSince = activeSince?.UtcDateTime,
            description = JsonSerializer.Serialize(worker, DomainJson.Options),
        },
        cancellationToken);

    public async Task<IReadOnlyList<WorkerDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<string>("select description::text from workers where pool_id = @poolId order by worker_id", new { poolId }, cancellationToken))
            .Select(json => JsonSerializer.Deserialize<WorkerDescription>(json, DomainJson.Options)!)];

    public async Task<IReadOnlyList<ActiveWorker>> Active(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(
                """select active_since as "Since", description::text as "Description" from workers where pool_id = @poolId and active_since is not null order by worker_id""",
                new { poolId }, cancellationToken))
            .Select(row => (Since: row.Since.Utc(), Worker: JsonSerializer.Deserialize<WorkerDescription>(row.Description, DomainJson.Options)!))
            .Select(row => new ActiveWorker(
                row.Worker.Id, row.Worker.Registration.Participant, row.Worker.Registration.GpuCount, row.Since,
                row.Worker.State == WorkerState.Deactivated ? row.Worker.StateSince : null))];

    private sealed record Row(DateTime Since, string Description);
}
