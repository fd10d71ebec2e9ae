using Npgsql;

namespace CocoonPool.Adapters.Postgres.Auth;

/// <summary>A person's account as the sign-in needs it.</summary>
/// <param name="TotpSeed">Sealed with the key ring.</param>
/// <param name="CredentialsBy">Who set password and seed; the account's own name once the person has.</param>
public sealed record Account(
    string Username, string Role, string PasswordHash, byte[] TotpSeed, long TotpLastStep, string CredentialsBy, string CreatedBy, DateTime CreatedAt, DateTime? DisabledAt);

/// <summary>What somebody signs in with, ready to be stored: nothing in it can be read back.</summary>
public sealed record StoredCredentials(string PasswordHash, byte[] TotpSeed, IReadOnlyList<byte[]> RecoveryCodeHashes, string By);

/// <summary>Accounts of people. Participants have none: their wallet is their account.</summary>
public sealed class Accounts(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = """
        username, role, password_hash as "PasswordHash", totp_seed as "TotpSeed", totp_last_step as "TotpLastStep", credentials_by as "CredentialsBy",
        created_by as "CreatedBy", created_at as "CreatedAt", disabled_at as "DisabledAt"
        """;

    public async Task<Account?> Find(string poolId, string username, CancellationToken cancellationToken = default) =>
        (await database.Query<Account>($"select {Columns} from accounts where pool_id = @poolId and username = @username", new { poolId, username }, cancellationToken)).SingleOrDefault();

    public Task<List<Account>> List(string poolId, CancellationToken cancellationToken = default) =>
        database.Query<Account>($"select {Columns} from accounts where pool_id = @poolId order by username", new { poolId }, cancellationToken);

    /// <summary>False when the name is taken, or when <paramref name="onlyAsFirst"/> and there is an account already.</summary>
    public Task<bool> Create(string poolId, string username, string role, StoredCredentials credentials, bool onlyAsFirst, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                // Two first accounts at once would make one of them of somebody who was not let in by the first.
                await transaction.Execute("select pg_advisory_xact_lock(hashtext('accounts:' || @poolId))", new { poolId }, cancellationToken);
                if (onlyAsFirst && (await transaction.Query<bool>("select exists (select from accounts where pool_id = @poolId)", new { poolId }, cancellationToken)).Single())
                    return false;
                var made = await transaction.Execute(
                    """
                    insert into accounts (pool_id, username, role, password_hash, totp_seed, credentials_by, created_by, created_at)
                    values (@poolId, @username, @role, @PasswordHash, @TotpSeed, @By, @By, @now) on conflict do nothing
                    """,
                    new { poolId, username, role, credentials.PasswordHash, credentials.TotpSeed, credentials.By, now = Now }, cancellationToken);
                if (made == 1)
                    await AddRecoveryCodes(transaction, poolId, username, credentials, cancellationToken);
                return made == 1;
            },
            cancellationToken);

    /// <summary>New password, seed and recovery codes; the old ones are worth nothing from now on. False when there is no such account.</summary>
    public Task<bool> SetCredentials(string poolId, string username, StoredCredentials credentials, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var changed = await transaction.Execute(
                    """
                    update accounts set password_hash = @PasswordHash, totp_seed = @TotpSeed, totp_last_step = 0, credentials_by = @By
                    where pool_id = @poolId and username = @username
                    """,
                    new { poolId, username, credentials.PasswordHash, credentials.TotpSeed, credentials.By }, cancellationToken);
                await transaction.Execute("delete from account_recovery_codes where pool_id = @poolId and username = @username", new { poolId, username }, cancellationToken);
                if (changed == 1)
                    await AddRecoveryCodes(transaction, poolId, username, credentials, cancellationToken);
                return changed == 1;
            },
            cancellationToken);

    /// <summary>Another hash of the same password, unless the password has changed meanwhile.</summary>
    public Task ReplaceHash(string poolId, string username, string before, string hash, CancellationToken cancellationToken = default) =>
        database.Execute(
            "update accounts set password_hash = @hash where pool_id = @poolId and username = @username and password_hash = @before",
            new { poolId, username, before, hash }, cancellationToken);

    public async Task<bool> SetRole(string poolId, string username, string role, CancellationToken cancellationToken = default) =>
        await database.Execute("update accounts set role = @role where pool_id = @poolId and username = @username", new { poolId, username, role }, cancellationToken) == 1;

    public async Task<bool> Disable(string poolId, string username, CancellationToken cancellationToken = default) =>
        await database.Execute(
            "update accounts set disabled_at = coalesce(disabled_at, @now) where pool_id = @poolId and username = @username",
            new { poolId, username, now = Now }, cancellationToken) == 1;

    /// <summary>Uses up a one-time step; false when it, or a later one, was used already, also by another server at the same moment.</summary>
    public async Task<bool> UseTotpStep(string poolId, string username, long step, CancellationToken cancellationToken = default) =>
        await database.Execute(
            "update accounts set totp_last_step = @step where pool_id = @poolId and username = @username and totp_last_step < @step",
            new { poolId, username, step }, cancellationToken) == 1;

    public async Task<bool> HasRecoveryCode(string poolId, string username, byte[] hash, CancellationToken cancellationToken = default) =>
        (await database.Query<bool>(
            "select exists (select from account_recovery_codes where pool_id = @poolId and username = @username and hash = @hash and used_at is null)",
            new { poolId, username, hash }, cancellationToken)).Single();

    /// <summary>Uses up a recovery code; false when there is none such, or it was used.</summary>
    public async Task<bool> UseRecoveryCode(string poolId, string username, byte[] hash, CancellationToken cancellationToken = default) =>
        await database.Execute(
            "update account_recovery_codes set used_at = @now where pool_id = @poolId and username = @username and hash = @hash and used_at is null",
            new { poolId, username, hash, now = Now }, cancellationToken) == 1;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static async Task AddRecoveryCodes(NpgsqlTransaction transaction, string poolId, string username, StoredCredentials credentials, CancellationToken cancellationToken)
    {
        foreach (var hash in credentials.RecoveryCodeHashes)
            await transaction.Execute("insert into account_recovery_codes (pool_id, username, hash) values (@poolId, @username, @hash)", new { poolId, username, hash }, cancellationToken);
    }
}
