using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Admin;

/// <summary>Who a key speaks for.</summary>
/// <param name="KeyId">The key's id, or <c>session:</c> and the session's.</param>
/// <param name="Role">One of the roles in the table of permissions.</param>
/// <param name="Subject">A participant's raw address, an account's name, or a client's name.</param>
public sealed record KeyHolder(string KeyId, string Role, string Subject)
{
    private const string SessionPrefix = "session:";

    /// <summary>The session of somebody who signed in; null for an API key, which is no person.</summary>
    public Guid? Session => KeyId.StartsWith(SessionPrefix, StringComparison.Ordinal) ? Guid.Parse(KeyId[SessionPrefix.Length..]) : null;
}

/// <summary>A key as it is listed: without the key.</summary>
public sealed record KeyDescription(string Id, string Role, string Subject, string Label, DateTime CreatedAt, DateTime? RevokedAt);

/// <summary>API keys: made from 32 random bytes, shown once, stored as SHA-256 (there is nothing to guess, so no slow hash is needed).</summary>
public sealed class ApiKeys(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Roles that a key can have. Administrators and security officers are people: they sign in with a second factor.</summary>
    public static readonly string[] Roles = ["operator", "participant", "client", "developer", "support", "auditor"];

    /// <summary>Makes a key and answers it; it can not be read again.</summary>
    public async Task<(string Id, string Key)> Create(string poolId, string role, string subject, string label, CancellationToken cancellationToken = default)
    {
        var key = $"ck_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        return (await Register(poolId, key, role, subject, label, cancellationToken), key);
    }

    /// <summary>Makes a given key known, such as the operator's first one; a repeat changes nothing.</summary>
    public async Task<string> Register(string poolId, string key, string role, string subject, string label, CancellationToken cancellationToken = default)
    {
        var hash = Hash(key);
        var id = $"key_{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
        await database.Execute(
            "insert into api_keys (pool_id, id, hash, role, subject, label, created_at) values (@poolId, @id, @hash, @role, @subject, @label, @now) on conflict do nothing",
            new { poolId, id, hash, role, subject, label, now = time.GetUtcNow().UtcDateTime }, cancellationToken);
        return id;
    }

    /// <summary>The holder of a key that is valid now, or null.</summary>
    public async Task<KeyHolder?> Find(string poolId, string key, CancellationToken cancellationToken = default) =>
        (await database.Query<KeyHolder>("""select id as "KeyId", role, subject from api_keys where pool_id = @poolId and hash = @hash and revoked_at is null""",
            new { poolId, hash = Hash(key) }, cancellationToken)).SingleOrDefault();

    /// <summary>Whether a key that was valid still is.</summary>
    public async Task<bool> IsLive(string poolId, string id, CancellationToken cancellationToken = default) =>
        (await database.Query<bool>("select exists (select from api_keys where pool_id = @poolId and id = @id and revoked_at is null)", new { poolId, id }, cancellationToken)).Single();

    public Task<List<KeyDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        database.Query<KeyDescription>(
            """select id, role, subject, label, created_at as "CreatedAt", revoked_at as "RevokedAt" from api_keys where pool_id = @poolId order by created_at, id""",
            new { poolId }, cancellationToken);

    /// <summary>A revoked key opens nothing any more, at the latest when a server's memory of it ends. False when there is no such key.</summary>
    public async Task<bool> Revoke(string poolId, string id, CancellationToken cancellationToken = default) =>
        await database.Execute(
            "update api_keys set revoked_at = coalesce(revoked_at, @now) where pool_id = @poolId and id = @id",
            new { poolId, id, now = time.GetUtcNow().UtcDateTime }, cancellationToken) == 1;

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
