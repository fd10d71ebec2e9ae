using System.Security.Cryptography;
using System.Text;
using CocoonPool.Adapters.Postgres.Admin;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Auth;

/// <summary>What came of showing a refresh token.</summary>
public enum RefreshOutcome
{
    Renewed = 0,

    /// <summary>Nobody was given it, or its session is over.</summary>
    Unknown = 1,

    /// <summary>It was used before: two parties hold it, so its session was ended.</summary>
    Reused = 2,
}

/// <summary>
/// Sessions of people and wallets. Access tokens name one and are worth what it is worth, so that ending a session ends all of its
/// tokens at once, on every server. A session is also the family of its refresh tokens: each may be used once.
/// </summary>
public sealed class Sessions(NpgsqlDataSource database, TimeProvider time)
{
    private const string Live = "ended_at is null and expires_at > @now";

    public async Task<Guid> Open(string poolId, string role, string subject, string refreshToken, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        var id = Guid.CreateVersion7();
        await database.InTransaction(
            async (_, transaction) =>
            {
                await transaction.Execute(
                    "insert into sessions (pool_id, id, role, subject, created_at, expires_at) values (@poolId, @id, @role, @subject, @now, @expires)",
                    new { poolId, id, role, subject, now = Now, expires = Now + lifetime }, cancellationToken);
                await Keep(transaction, poolId, id, refreshToken, cancellationToken);
            },
            cancellationToken);
        return id;
    }

    /// <summary>
    /// Who a session belongs to, or null when it is over. A person's is asked of the account as well: one that was opened at the very
    /// moment when the account was shut out, or given another role, is worth nothing either.
    /// </summary>
    public async Task<KeyHolder?> Find(string poolId, Guid id, CancellationToken cancellationToken = default) =>
        (await database.Query<KeyHolder>(
            $"""
            select 'session:' || s.id as "KeyId", s.role, s.subject from sessions s left join accounts a on a.pool_id = s.pool_id and a.username = s.subject
            where s.pool_id = @poolId and s.id = @id and {Live} and (a.username is null or (a.disabled_at is null and a.role = s.role))
            """,
            new { poolId, id, now = Now }, cancellationToken)).SingleOrDefault();

    /// <summary>Takes a refresh token for its successor. One that was used before ends its session: one of its two holders stole it.</summary>
    public Task<(RefreshOutcome Outcome, Guid Session, string Subject)> Refresh(string poolId, string token, string successor, CancellationToken cancellationToken = default) =>
        database.InTransaction<(RefreshOutcome, Guid, string)>(
            async (_, transaction) =>
            {
                var known = (await transaction.Query<(Guid Session, DateTime? UsedAt, string Subject, bool Live)>(
                    $"""
                    select r.session_id, r.used_at, s.subject, {Live} from refresh_tokens r join sessions s on s.pool_id = r.pool_id and s.id = r.session_id
                    where r.pool_id = @poolId and r.hash = @hash for update of r
                    """,
                    new { poolId, hash = Hash(token), now = Now }, cancellationToken)).ToList();
                if (known is not [var row])
                    return (RefreshOutcome.Unknown, default, "");
                if (row.UsedAt is not null)
                {
                    await End(transaction, poolId, row.Session, "refresh token was used twice", cancellationToken);
                    return (RefreshOutcome.Reused, row.Session, row.Subject);
                }
                if (!row.Live)
                    return (RefreshOutcome.Unknown, row.Session, row.Subject);
                await transaction.Execute("update refresh_tokens set used_at = @now where pool_id = @poolId and hash = @hash", new { poolId, hash = Hash(token), now = Now }, cancellationToken);
                await Keep(transaction, poolId, row.Session, successor, cancellationToken);
                return (RefreshOutcome.Renewed, row.Session, row.Subject);
            },
            cancellationToken);

    public Task End(string poolId, Guid id, string why, CancellationToken cancellationToken = default) =>
        database.InTransaction((_, transaction) => End(transaction, poolId, id, why, cancellationToken), cancellationToken);

    /// <summary>Ends every session of somebody, or of everybody. Answers how many there were.</summary>
    public Task<int> EndAll(string poolId, string? subject, string why, CancellationToken cancellationToken = default) =>
        database.Execute(
            "update sessions set ended_at = @now, ended_for = @why where pool_id = @poolId and (@subject::text is null or subject = @subject) and ended_at is null",
            new { poolId, subject, why, now = Now }, cancellationToken);

    /// <summary>Forgets what ended long ago.</summary>
    public Task<int> Forget(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.Execute("delete from sessions where expires_at < @before or ended_at < @before", new { before = before.UtcDateTime }, cancellationToken);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task Keep(NpgsqlTransaction transaction, string poolId, Guid session, string token, CancellationToken cancellationToken) =>
        await transaction.Execute(
            "insert into refresh_tokens (pool_id, hash, session_id, issued_at) values (@poolId, @hash, @session, @now)",
            new { poolId, hash = Hash(token), session, now = Now }, cancellationToken);

    private Task<int> End(NpgsqlTransaction transaction, string poolId, Guid id, string why, CancellationToken cancellationToken) =>
        transaction.Execute(
            "update sessions set ended_at = @now, ended_for = @why where pool_id = @poolId and id = @id and ended_at is null",
            new { poolId, id, why, now = Now }, cancellationToken);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
