using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Auth;

/// <summary>Accounts of people.</summary>
public static class UserEndpoints
{
    public sealed record CreateUser(string Username, string Role);

    public sealed record GrantBody(string Role);

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users", async (Accounts accounts, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
            ApiJson.Page([.. (await accounts.List(settings.Id, cancellationToken)).Select(View)], limit, cursor)).Requires(Permission.ReadUsers).WithSummary("All accounts.");
        routes.MapPost("/api/v1/users", Create).Requires(Permission.CreateUser).WithSummary("Creates an account; its credentials are shown this once.");
        routes.MapPost("/api/v1/users/{username}/grant", Grant).Requires(Permission.ManageUsers).WithSummary("Gives an account another role; its sessions end.");
        routes.MapPost("/api/v1/users/{username}/credentials", Credentials).Requires(Permission.ManageUsers).WithSummary("New credentials for an account, shown this once; its sessions end.");
        routes.MapPost("/api/v1/users/{username}/disable", Disable).Requires(Permission.EndSessions).WithSummary("Shuts an account out at once.");
        routes.MapPost("/api/v1/users/{username}/logout-all", LogOutAll).Requires(Permission.EndSessions).WithSummary("Ends every session of an account, or of a wallet, at once.");
        routes.MapGet("/api/v1/users/{username}/audit", async (string username, AuditLog log, PoolSettings settings, int? limit, long? cursor, CancellationToken cancellationToken) =>
            AuditEndpoints.Page(await log.Read(settings.Id, cursor ?? long.MaxValue, newestFirst: true, AuditEndpoints.Size(limit), username, cancellationToken), AuditEndpoints.Size(limit)))
            .Requires(Permission.ReadAudit).WithSummary("What an account did, newest first.");
    }

    private static async Task<IResult> Create(CreateUser body, HttpContext context, Accounts accounts, PersonCredentials credentials, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (!OperatorSignIn.IsUsername(body.Username))
            throw ApiException.Invalid("username has 3 to 32 of a-z, 0-9, '.', '_' and '-', and starts with a letter.");
        MustBeRoleOfPeople(body.Role);
        var holder = context.Holder()!;
        // The host's operator key brings the first administrator in, and nobody else: from then on administrators make accounts.
        var first = !string.Equals(holder.Role, Permissions.PoolAdminRole, StringComparison.Ordinal);
        if (first && !string.Equals(body.Role, Permissions.PoolAdminRole, StringComparison.Ordinal))
            throw new ApiException(403, "forbidden", "With an operator's key only the first pool-admin can be created; accounts are made by a pool-admin who signed in.");
        var (shown, stored) = credentials.Make(body.Username, password: null, by: first ? "host" : holder.Subject);
        context.Audit(after: new { body.Username, body.Role }).Object = body.Username;
        if (!await accounts.Create(settings.Id, body.Username, body.Role, stored, onlyAsFirst: first, cancellationToken))
            throw new ApiException(409, "conflict", first ? "There is an account already; a pool-admin who signed in makes the next ones." : $"There is an account '{body.Username}' already.");
        return Results.Json(Shown(body.Username, body.Role, shown), ApiJson.Options, statusCode: 201);
    }

    private static async Task<object> Grant(string username, GrantBody body, HttpContext context, Accounts accounts, Sessions sessions, PoolSettings settings, CancellationToken cancellationToken)
    {
        MustBeRoleOfPeople(body.Role);
        var account = await Find(username, accounts, settings, cancellationToken);
        await MustNotBeLastAdmin(account, accounts, settings, cancellationToken);
        context.Audit(before: new { account.Role }, after: new { body.Role });
        await accounts.SetRole(settings.Id, username, body.Role, cancellationToken);
        await sessions.EndAll(settings.Id, username, "role changed", cancellationToken);
        return View(account with { Role = body.Role });
    }

    private static async Task<object> Credentials(
        string username, HttpContext context, Accounts accounts, Sessions sessions, PersonCredentials credentials, PoolSettings settings, CancellationToken cancellationToken)
    {
        var account = await Find(username, accounts, settings, cancellationToken);
        var (shown, stored) = credentials.Make(username, password: null, by: context.Holder()!.Subject);
        await accounts.SetCredentials(settings.Id, username, stored, cancellationToken);
        await sessions.EndAll(settings.Id, username, "credentials changed", cancellationToken);
        return Shown(username, account.Role, shown);
    }

    private static async Task<object> Disable(string username, HttpContext context, Accounts accounts, Sessions sessions, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var account = await Find(username, accounts, settings, cancellationToken);
        await MustNotBeLastAdmin(account, accounts, settings, cancellationToken);
        context.Audit(before: new { disabled = account.DisabledAt is not null }, after: new { disabled = true });
        await accounts.Disable(settings.Id, username, cancellationToken);
        await sessions.EndAll(settings.Id, username, "account disabled", cancellationToken);
        return View(account with { DisabledAt = account.DisabledAt ?? time.GetUtcNow().UtcDateTime });
    }

    private static async Task<object> LogOutAll(string username, Sessions sessions, PoolSettings settings, CancellationToken cancellationToken)
    {
        var subject = OperatorSignIn.IsUsername(username) ? username : Names.Address(username, settings).ToString();
        return new { subject, sessionsEnded = await sessions.EndAll(settings.Id, subject, "logged out by an administrator", cancellationToken) };
    }

    private static void MustBeRoleOfPeople(string? role)
    {
        if (role is null || !Permissions.RolesOfPeople.Contains(role, StringComparer.Ordinal))
            throw ApiException.Invalid($"role is one of {string.Join(", ", Permissions.RolesOfPeople)}.");
    }

    private static async Task MustNotBeLastAdmin(Account account, Accounts accounts, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (string.Equals(account.Role, Permissions.PoolAdminRole, StringComparison.Ordinal)
            && !(await accounts.List(settings.Id, cancellationToken)).Any(a => a.DisabledAt is null && a.Username != account.Username && a.Role == Permissions.PoolAdminRole))
            throw new ApiException(409, "conflict", "This is the last pool-admin; make another one first.");
    }

    private static async Task<Account> Find(string username, Accounts accounts, PoolSettings settings, CancellationToken cancellationToken) =>
        await accounts.Find(settings.Id, username, cancellationToken) ?? throw ApiException.NotFound("There is no such account.");

    private static object Shown(string username, string role, ShownCredentials shown) => new { username, role, shown.Password, shown.TotpSecret, shown.TotpUri, shown.RecoveryCodes };

    private static object View(Account account) => new
    {
        account.Username,
        account.Role,
        account.CreatedBy,
        createdAt = DateTime.SpecifyKind(account.CreatedAt, DateTimeKind.Utc),
        ownCredentials = string.Equals(account.CredentialsBy, account.Username, StringComparison.Ordinal),
        disabled = account.DisabledAt is not null,
    };
}
