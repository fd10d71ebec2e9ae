using Npgsql;

namespace CocoonPool.Adapters.Postgres.Routing;

public enum ClaimState
{
    /// <summary>The caller is the first and serves it.</summary>
    Mine = 0,

    /// <summary>It was served; the answer is there.</summary>
    Served = 1,

    /// <summary>Somebody serves it now.</summary>
    Running = 2,

    /// <summary>The id was used for something else.</summary>
    OtherBody = 3,
}

public sealed record Claim(ClaimState State, byte[]? Answer = null);

/// <summary>Requests that a client has named, so that a repetition within a day gets the first answer and costs nothing.</summary>
public sealed class ServedRequests(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a claim holds without an answer: longer than any request runs, so that a lost silo does not block the id for a day.</summary>
    private static readonly TimeSpan Serving = TimeSpan.FromMinutes(15);

    public async Task<Claim> Claim(string poolId, string client, string requestId, byte[] bodyHash, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var mine = await database.Execute(
            """
            insert into served_requests as known (pool_id, client, request_id, body_hash, expires_at) values (@poolId, @client, @requestId, @bodyHash, @until)
            on conflict (pool_id, client, request_id) do update set body_hash = excluded.body_hash, answer = null, expires_at = excluded.expires_at
            where known.expires_at < @now
            """, new { poolId, client, requestId, bodyHash, now = now.UtcDateTime, until = (now + Serving).UtcDateTime }, cancellationToken);
        if (mine == 1)
            return new(ClaimState.Mine);
        var known = (await database.Query<Row>(
            """select body_hash as "BodyHash", answer from served_requests where pool_id = @poolId and client = @client and request_id = @requestId""",
            new { poolId, client, requestId }, cancellationToken)).SingleOrDefault();
        if (known is null)
            return new(ClaimState.Running);
        if (!known.BodyHash.AsSpan().SequenceEqual(bodyHash))
            return new(ClaimState.OtherBody);
        return known.Answer is null ? new(ClaimState.Running) : new(ClaimState.Served, known.Answer);
    }

    public Task Complete(string poolId, string client, string requestId, byte[] answer, CancellationToken cancellationToken = default) => database.Execute(
        "update served_requests set answer = @answer, expires_at = @until where pool_id = @poolId and client = @client and request_id = @requestId",
        new { poolId, client, requestId, answer, until = (time.GetUtcNow() + Kept).UtcDateTime }, cancellationToken);

    /// <summary>It was not served; a repetition may try again.</summary>
    public Task Release(string poolId, string client, string requestId, CancellationToken cancellationToken = default) => database.Execute(
        "delete from served_requests where pool_id = @poolId and client = @client and request_id = @requestId and answer is null",
        new { poolId, client, requestId }, cancellationToken);

    /// <summary>Forgets what is older than a day.</summary>
    public Task Forget(CancellationToken cancellationToken = default) =>
        database.Execute("delete from served_requests where expires_at < @now", new { now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    private sealed record Row(byte[] BodyHash, byte[]? Answer);
}
