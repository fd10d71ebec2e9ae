using Npgsql;

namespace CocoonPool.Adapters.Postgres.Idempotency;

/// <summary>An answer that was given to a request.</summary>
/// <param name="Body">Sealed by the caller of this store: an answer may hold a key that is shown once.</param>
public sealed record KeptAnswer(int Status, string? ContentType, byte[] Body);

/// <summary>What is known of a request's key.</summary>
public enum KeyStanding
{
    /// <summary>Nobody else has it: do the work, under the lease.</summary>
    Mine = 0,

    /// <summary>It was answered.</summary>
    Answered = 1,

    /// <summary>It was used for another request.</summary>
    OtherRequest = 2,

    /// <summary>The same request is being worked on now.</summary>
    InProgress = 3,
}

/// <summary>Which answer a request with an idempotency key got, for a day, on every server of the pool.</summary>
public sealed class IdempotentRequests(NpgsqlDataSource database, TimeProvider time)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a request may be worked on before its key counts as left behind by a server that died.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public Task<(KeyStanding Standing, KeptAnswer? Answer)> Take(string poolId, string caller, string key, byte[] requestHash, Guid lease, CancellationToken cancellationToken = default) =>
        database.InTransaction<(KeyStanding, KeptAnswer?)>(
            async (_, transaction) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var mine = await transaction.Execute(
                    """
                    insert into idempotent_requests as r (pool_id, caller, key, request_hash, lease, lease_until, created_at)
                    values (@poolId, @caller, @key, @requestHash, @lease, @until, @now)
                    on conflict (pool_id, caller, key) do update set request_hash = excluded.request_hash, lease = excluded.lease, lease_until = excluded.lease_until,
                        created_at = excluded.created_at, status = null, content_type = null, body = null
                    where r.created_at < @old or (r.status is null and r.lease_until < @now and r.request_hash = excluded.request_hash)
                    """,
                    new { poolId, caller, key, requestHash, lease, until = now + Lease, now, old = now - Kept }, cancellationToken);
                if (mine == 1)
                    return (KeyStanding.Mine, null);
                var rows = await transaction.Query<(byte[] Hash, int? Status, string? ContentType, byte[]? Body)>(
                    "select request_hash, status, content_type, body from idempotent_requests where pool_id = @poolId and caller = @caller and key = @key",
                    new { poolId, caller, key }, cancellationToken);
                return rows switch
                {
                    [var other] when !other.Hash.AsSpan().SequenceEqual(requestHash) => (KeyStanding.OtherRequest, null),
                    [{ Status: { } status } done] => (KeyStanding.Answered, new(status, done.ContentType, done.Body!)),
                    // Being worked on; or given up between the two statements, which the next look finds.
                    _ => (KeyStanding.InProgress, null),
                };
            },
            cancellationToken);

    /// <summary>Keeps the answer. Another server that took the key over meanwhile keeps its own.</summary>
    public Task Keep(string poolId, string caller, string key, Guid lease, KeptAnswer answer, CancellationToken cancellationToken = default) =>
        database.Execute(
            "update idempotent_requests set status = @Status, content_type = @ContentType, body = @Body where pool_id = @poolId and caller = @caller and key = @key and lease = @lease",
            new { poolId, caller, key, lease, answer.Status, answer.ContentType, answer.Body }, cancellationToken);

    /// <summary>Nothing was done: the key is free again.</summary>
    public Task GiveUp(string poolId, string caller, string key, Guid lease, CancellationToken cancellationToken = default) =>
        database.Execute("delete from idempotent_requests where pool_id = @poolId and caller = @caller and key = @key and lease = @lease and status is null", new { poolId, caller, key, lease }, cancellationToken);

    public Task<int> Forget(CancellationToken cancellationToken = default) =>
        database.Execute("delete from idempotent_requests where created_at < @old", new { old = (time.GetUtcNow() - Kept).UtcDateTime }, cancellationToken);
}
