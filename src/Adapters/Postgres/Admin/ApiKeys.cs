using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Admin;

/// <summary>Who a key speaks for.</summary>
/// <param name="Role"><c>operator</c>, <c>participant</c> or <c>client</c>.</param>
/// <param name="Subject">A participant's raw address, or a client's name.</param>
public sealed record KeyHolder(string KeyId, string Role, string Subject);

/// <summary>API keys: made from 32 random bytes, shown once, stored as SHA-256 (there is nothing to guess, so no slow hash is needed).</summary>
public sealed class ApiKeys(NpgsqlDataSource database, TimeProvider time)
{
    public static readonly string[] Roles = ["operator", "participant", "client"];

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

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
