using Npgsql;

namespace CocoonPool.Adapters.Postgres.Auth;

/// <summary>
/// Counts tries to sign in. A try is written down as a failure before it is judged and taken back when it succeeds: a hundred
/// guesses sent at the same moment do not all see an empty count.
/// </summary>
public sealed class SignInGuard(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Failures that lock a bucket.</summary>
    public const int Most = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Begins a try; null when one of the buckets is locked.</summary>
    /// <param name="buckets">Such as the account's name and the network address.</param>
    public Task<Guid?> Begin(string poolId, IReadOnlyList<string> buckets, CancellationToken cancellationToken = default) =>
        database.InTransaction<Guid?>(
            async (_, transaction) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var attempt = Guid.CreateVersion7();
                foreach (var bucket in buckets.Order(StringComparer.Ordinal))
                    await transaction.Execute("select pg_advisory_xact_lock(hashtextextended(@poolId || '/' || @bucket, 7))", new { poolId, bucket }, cancellationToken);
                var worst = (await transaction.Query<long>(
                    "select coalesce(max(n), 0) from (select count(*) n from sign_in_failures where pool_id = @poolId and bucket = any(@all) and at > @since group by bucket) t",
                    new { poolId, all = buckets.ToArray(), since = now - Window }, cancellationToken)).Single();
                if (worst >= Most)
                    return null;
                foreach (var bucket in buckets)
                    await transaction.Execute("insert into sign_in_failures (pool_id, bucket, attempt, at) values (@poolId, @bucket, @attempt, @now)", new { poolId, bucket, attempt, now }, cancellationToken);
                await transaction.Execute("delete from sign_in_failures where pool_id = @poolId and at < @since", new { poolId, since = now - Window }, cancellationToken);
                return attempt;
            },
            cancellationToken);

    /// <summary>The try was right. Failures of the account are forgiven; those of the address stay, or a thief with one account could guess on.</summary>
    public Task Succeeded(string poolId, Guid attempt, string accountBucket, CancellationToken cancellationToken = default) =>
        database.Execute(
            "delete from sign_in_failures where pool_id = @poolId and (attempt = @attempt or bucket = @accountBucket)",
            new { poolId, attempt, accountBucket }, cancellationToken);

    /// <summary>Uses up a challenge; false when it was used before.</summary>
    public async Task<bool> UseChallenge(string poolId, byte[] nonce, DateTimeOffset expires, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await database.Execute("delete from used_challenges where expires_at < @now", new { now }, cancellationToken);
        return await database.Execute(
            "insert into used_challenges (pool_id, nonce, expires_at) values (@poolId, @nonce, @expires) on conflict do nothing",
            new { poolId, nonce, expires = expires.UtcDateTime }, cancellationToken) == 1;
    }
}
