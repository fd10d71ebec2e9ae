using CocoonPool.Domain.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Pool;

/// <param name="Position">Counts the pool's events from 1, in the order in which all servers tell them.</param>
/// <param name="Id">The event's own name, stable over repeats.</param>
/// <param name="Participant">Whom it concerns; null when it concerns all.</param>
/// <param name="Data">A JSON object; with <c>participant_address</c> when it concerns one.</param>
public sealed record JournalEntry(long Position, string Id, string Event, DateTimeOffset At, TonAddress? Participant, string Data);

/// <summary>
/// The journal of events in one order, for whoever tells them on. An event is given its position after its transaction was committed, by
/// one looker at a time, and positions become visible in their order: whoever read up to a position has passed over nothing.
/// </summary>
public sealed class EventJournal(NpgsqlDataSource database)
{
    /// <summary>Events that are given positions in one transaction, so that others wait for it no longer than a moment.</summary>
    private const int AtOnce = 10_000;

    /// <summary>Gives every committed event its position. Answers the last one; 0 while there is no event. Any number of servers may ask at once.</summary>
    public async Task<long> Head(string poolId, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var (head, isWhole) = (await database.Query<(long, bool)>(
                """
                select coalesce((select max(position) from pool_events where pool_id = @poolId), 0),
                    not exists (select from pool_events where pool_id = @poolId and position is null)
                """, new { poolId }, cancellationToken)).Single();
            if (isWhole)
                return head;
            await Order(poolId, cancellationToken);
        }
    }

    /// <summary>The events after a position, in order.</summary>
    public async Task<IReadOnlyList<JournalEntry>> After(string poolId, long position, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(
                "select position, event_key as \"Id\", event, at, participant, data from happened where pool_id = @poolId and position > @position order by position limit @limit",
                new { poolId, position, limit }, cancellationToken))
            .Select(row => new JournalEntry(row.Position, row.Id, row.Event, row.At.Utc(), row.Participant is null ? null : TonAddress.Parse(row.Participant), row.Data))];

    private Task Order(string poolId, CancellationToken cancellationToken) => database.InTransaction(
        async (_, transaction) =>
        {
            // The lock is held until the commit, and the next statement sees what was committed under it before.
            await transaction.Execute("select pg_advisory_xact_lock(hashtextextended('events/' || @poolId, 0))", new { poolId }, cancellationToken);
            await transaction.Execute(
                """
                update pool_events e set position = coalesce((select max(position) from pool_events where pool_id = @poolId), 0) + fresh.n
                from (
                    select id, row_number() over (order by sequence) as n from pool_events
                    where pool_id = @poolId and position is null order by sequence limit @AtOnce
                ) fresh
                where e.pool_id = @poolId and e.id = fresh.id
                """, new { poolId, AtOnce }, cancellationToken);
        },
        cancellationToken);

    private sealed record Row(long Position, string Id, string Event, DateTime At, string? Participant, string Data);
}
