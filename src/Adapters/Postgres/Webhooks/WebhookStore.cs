using CocoonPool.Adapters.Postgres.Pool;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Webhooks;

public sealed record Webhook(Guid Id, string Url, string[] Events, string CreatedBy, DateTime CreatedAt);

/// <param name="Secret">Sealed.</param>
public sealed record Delivery(Guid Id, string Url, byte[] Secret, string Event, string Data, DateTime HappenedAt, int Attempts);

/// <param name="FinishedAt">Null while it is still to be tried.</param>
public sealed record DeliveryStatus(Guid Id, Guid WebhookId, string Event, int Attempts, DateTime HappenedAt, DateTime NextAt, DateTime? FinishedAt, string? LastOutcome);

/// <summary>Webhooks and their deliveries in PostgreSQL.</summary>
public sealed class WebhookStore(NpgsqlDataSource database, EventJournal journal, TimeProvider time)
{
    /// <summary>One statement sees one journal: what is marked as told is what was noted. Of two servers the one that saw more marks last.</summary>
    private const string Look = """
        with head as (select coalesce(max(position), 0) as at from pool_events where pool_id = @poolId),
        noted as (
            insert into webhook_deliveries (pool_id, webhook_id, event_key, event, data, happened_at, next_at)
            select h.pool_id, w.id, h.event_key, h.event, h.data, @now, @now
            from webhooks w join happened h on h.pool_id = w.pool_id and h.position > w.told_until and h.event = any(w.events)
            where w.pool_id = @poolId and w.removed_at is null
            on conflict do nothing)
        update webhooks w set told_until = head.at from head where w.pool_id = @poolId and w.removed_at is null and w.told_until < head.at
        """;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Keeps a webhook, which is told of what happens from now on.</summary>
    public async Task Add(string poolId, Guid id, string url, string[] events, byte[] secret, string by, CancellationToken cancellationToken = default)
    {
        var head = await journal.Head(poolId, cancellationToken);
        await database.Execute(
            "insert into webhooks (pool_id, id, url, events, secret, created_by, created_at, told_until) values (@poolId, @id, @url, @events, @secret, @by, @now, @head)",
            new { poolId, id, url, events, secret, by, now = Now, head }, cancellationToken);
    }

    /// <summary>Notes what has happened since, when somebody wants to be told. Any number of servers may do it at once.</summary>
    public async Task NoteWhatHappened(string poolId, CancellationToken cancellationToken = default)
    {
        if ((await database.Query<int>("select 1 from webhooks where pool_id = @poolId and removed_at is null limit 1", new { poolId }, cancellationToken)).Count == 0)
            return;
        await journal.Head(poolId, cancellationToken);
        await database.Execute(Look, new { poolId, now = Now }, cancellationToken);
    }

    public async Task<IReadOnlyList<Webhook>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<(Guid Id, string Url, string Events, string By, DateTime At)>(
            "select id, url, array_to_string(events, ','), created_by, created_at from webhooks where pool_id = @poolId and removed_at is null order by created_at, id",
            new { poolId }, cancellationToken)).Select(w => new Webhook(w.Id, w.Url, w.Events.Split(','), w.By, w.At))];

    public async Task<bool> Remove(string poolId, Guid id, CancellationToken cancellationToken = default) =>
        await database.Execute("update webhooks set removed_at = coalesce(removed_at, @now) where pool_id = @poolId and id = @id", new { poolId, id, now = Now }, cancellationToken) == 1;

    public Task<List<DeliveryStatus>> Deliveries(string poolId, int limit, CancellationToken cancellationToken = default) =>
        database.Query<DeliveryStatus>(
            """
            select id, webhook_id as "WebhookId", event, attempts, happened_at as "HappenedAt", next_at as "NextAt", finished_at as "FinishedAt", last_outcome as "LastOutcome"
            from webhook_deliveries where pool_id = @poolId order by happened_at desc, id limit @limit
            """,
            new { poolId, limit }, cancellationToken);

    /// <summary>Sends it once more from the beginning. False when there is no such delivery, or nobody to tell any more.</summary>
    public async Task<bool> Replay(string poolId, Guid id, CancellationToken cancellationToken = default) =>
        await database.Execute(
            """
            update webhook_deliveries d set attempts = 0, happened_at = @now, next_at = @now, finished_at = null from webhooks w
            where d.pool_id = @poolId and d.id = @id and w.pool_id = d.pool_id and w.id = d.webhook_id and w.removed_at is null
            """,
            new { poolId, id, now = Now }, cancellationToken) == 1;

    /// <summary>Tries one delivery that is due under its row's lock. False when none is.</summary>
    /// <param name="send">Answers when to try again (null: never), whether it is over, and how it went.</param>
    public Task<bool> DeliverNext(string poolId, Func<Delivery, Task<(DateTimeOffset? Next, string Outcome)>> send, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var due = await transaction.Query<Delivery>(
                    """
                    select d.id, w.url, w.secret, d.event, d.data, d.happened_at as "HappenedAt", d.attempts from webhook_deliveries d join webhooks w on w.pool_id = d.pool_id and w.id = d.webhook_id
                    where d.pool_id = @poolId and d.finished_at is null and d.next_at <= @now and w.removed_at is null order by d.next_at limit 1 for update of d skip locked
                    """,
                    new { poolId, now = Now }, cancellationToken);
                if (due is not [var delivery])
                    return false;
                var (next, outcome) = await send(delivery);
                await transaction.Execute(
                    "update webhook_deliveries set attempts = attempts + 1, next_at = coalesce(@next::timestamptz, next_at), finished_at = @finished::timestamptz, last_outcome = @outcome where id = @Id",
                    new { delivery.Id, next = next?.UtcDateTime, finished = next is null ? Now : (DateTime?)null, outcome }, cancellationToken);
                return true;
            },
            cancellationToken);
}
