using System.Text.Json.Serialization;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth;

/// <summary>Signing in and out.</summary>
public static class SignInEndpoints
{
    public sealed record ChallengeBody(string WalletAddress);

    public sealed record DomainBody([property: JsonPropertyName("lengthBytes")] int LengthBytes, string Value);

    // TON Connect's own names; wallets differ in whether the timestamp is a number.
    public sealed record ProofBody(
        [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long Timestamp, DomainBody Domain, string Payload, string Signature, string? StateInit);

    public sealed record TokenBody(string WalletAddress, ProofBody Proof, string? Network, bool Cookie);

    public sealed record OperatorBody(string Username, string Password, string? Totp, string? RecoveryCode, bool Cookie);

    public sealed record RefreshBody(string? RefreshToken);

    public sealed record CredentialsBody(string Password, string? Totp, string? RecoveryCode, string NewPassword);

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/challenge", (ChallengeBody body, WalletSignIn wallets, PoolSettings settings) => wallets.Challenge(Names.Address(body.WalletAddress, settings)))
            .Requires(Permission.SignIn).NotAudited("asking changes nothing").WithSummary("A payload for a wallet to sign; good for five minutes, once.");
        routes.MapPost("/auth/token", Wallet).Requires(Permission.SignIn).WithSummary("Tokens for a TON Connect proof.");
        routes.MapPost("/auth/operator", Person).Requires(Permission.SignIn).WithSummary("Tokens for username, password and one-time code.");
        routes.MapPost("/auth/refresh", Refresh).Requires(Permission.SignIn).WithSummary("New tokens for a refresh token, which is then used up.");
        routes.MapGet("/auth/session", Session).Requires(Permission.Session).WithSummary("Who this request speaks for.");
        routes.MapPost("/auth/logout", (HttpContext context, Sessions sessions, PoolSettings settings, CancellationToken cancellationToken) =>
            LogOut(context, () => sessions.End(settings.Id, Own(context), "logged out", cancellationToken))).Requires(Permission.Session).WithSummary("Ends this session.");
        routes.MapPost("/auth/logout-all", (HttpContext context, Sessions sessions, PoolSettings settings, CancellationToken cancellationToken) =>
            LogOut(context, () => EndAll(context, sessions, settings, "logged out everywhere", cancellationToken)))
            .Requires(Permission.Session).WithSummary("Ends all sessions of the caller.");
        routes.MapPost("/auth/credentials", ChangeCredentials).Requires(Permission.Session).WithSummary("The caller's own new password, one-time secret and recovery codes; shown this once.");
    }

    private static async Task<object> Wallet(TokenBody body, HttpContext context, WalletSignIn wallets, AccessTokens tokens, PoolSettings settings, IOptions<AuthOptions> options, CancellationToken cancellationToken)
    {
        var address = Names.Address(body.WalletAddress, settings);
        context.Audit("sign_in", address.ToString(), actor: address.ToString());
        if (body.Network is not null && !string.Equals(body.Network, settings.Network.ToString(), StringComparison.OrdinalIgnoreCase))
            throw new ApiException(401, "unauthorized", $"This pool is on the network '{settings.Network}'.");
        if (body.Proof is not { Domain.Value: { Length: > 0 and <= 253 } domain, Payload: { Length: > 0 and <= 128 }, Signature: { Length: > 0 and <= 128 } } proof || proof.StateInit is { Length: > 8_192 })
            throw ApiException.Invalid("proof has timestamp, domain {lengthBytes, value}, payload, signature and state_init, as TON Connect gives them.");
        var issued = await wallets.SignIn(address, new(proof.Timestamp, proof.Domain.LengthBytes, domain, proof.Payload, proof.Signature, proof.StateInit), cancellationToken);
        return Answer(context, issued, body.Cookie, options.Value.ParticipantSession, tokens);
    }

    private static async Task<object> Person(OperatorBody body, HttpContext context, OperatorSignIn people, AccessTokens tokens, IOptions<AuthOptions> options, CancellationToken cancellationToken)
    {
        // A name that is none may be a password in the wrong field, and does not belong into a log.
        var name = OperatorSignIn.IsUsername(body.Username) ? body.Username : "(malformed)";
        context.Audit("sign_in", name, actor: name);
        var issued = await people.SignIn(body.Username, body.Password, body.Totp, body.RecoveryCode, context.SourceNetwork(), cancellationToken);
        return Answer(context, issued, body.Cookie, options.Value.OperatorSession, tokens);
    }

    private static async Task<object> Refresh(RefreshBody? body, HttpContext context, AccessTokens tokens, IOptions<AuthOptions> options, CancellationToken cancellationToken)
    {
        var cookie = context.Request.Cookies[SessionCookies.Refresh];
        if ((body?.RefreshToken ?? cookie) is not { Length: > 0 and <= 100 } token)
            throw ApiException.Invalid("refresh_token is the one that came with the last tokens.");
        var (issued, outcome, subject) = await tokens.Refresh(token, cancellationToken);
        context.Audit(outcome == RefreshOutcome.Reused ? "refresh_reused" : "refresh", subject, actor: subject);
        if (issued is null)
            throw new ApiException(401, "unauthorized", "This refresh token is unknown, over, or was used before; sign in again.");
        return Answer(context, issued, body?.RefreshToken is null && cookie is not null, options.Value.ParticipantSession, tokens);
    }

    private static object Session(HttpContext context, AccessTokens tokens)
    {
        var holder = context.Holder()!;
        return new { holder.Role, holder.Subject, csrfToken = holder.Session is { } session ? tokens.CsrfToken(session) : null };
    }

    private static async Task<object> ChangeCredentials(
        CredentialsBody body, HttpContext context, OperatorSignIn people, PersonCredentials credentials, Accounts accounts, Sessions sessions, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (context.Holder() is not { Session: not null } holder || await accounts.Find(settings.Id, holder.Subject, cancellationToken) is not { } account)
            throw new ApiException(403, "forbidden", "Only a person who signed in with a password has credentials to change.");
        if (body.NewPassword is not { Length: >= PersonCredentials.ShortestPassword and <= PersonCredentials.LongestPassword })
            throw ApiException.Invalid($"new_password has {PersonCredentials.ShortestPassword} to {PersonCredentials.LongestPassword} characters.");
        context.Audit("credentials", account.Username);
        await people.Prove(account.Username, body.Password, body.Totp, body.RecoveryCode, context.SourceNetwork(), cancellationToken);
        var (shown, stored) = credentials.Make(account.Username, body.NewPassword, by: account.Username);
        await accounts.SetCredentials(settings.Id, account.Username, stored, cancellationToken);
        // Whoever changes credentials may do it because somebody else had them: what was opened with the old ones ends, this session too.
        await EndAll(context, sessions, settings, "credentials changed", cancellationToken);
        return new { account.Username, shown.TotpSecret, shown.TotpUri, shown.RecoveryCodes };
    }

    private static async Task<object> LogOut(HttpContext context, Func<Task> end)
    {
        await end();
        SessionCookies.Clear(context);
        return new { loggedOut = true };
    }

    /// <summary>Only for somebody who signed in: a key's subject is a name that was given to it, and may be the name of an account.</summary>
    private static Task<int> EndAll(HttpContext context, Sessions sessions, PoolSettings settings, string why, CancellationToken cancellationToken)
    {
        Own(context);
        return sessions.EndAll(settings.Id, context.Holder()!.Subject, why, cancellationToken);
    }

    private static Guid Own(HttpContext context) => context.Holder()!.Session ?? throw ApiException.Invalid("An API key has no session; revoke the key instead.");

    private static object Answer(HttpContext context, IssuedTokens issued, bool cookie, TimeSpan session, AccessTokens tokens)
    {
        context.Response.Headers.CacheControl = "no-store";
        var expiresIn = (int)issued.ExpiresIn.TotalSeconds;
        if (!cookie)
            return new { issued.AccessToken, tokenType = "Bearer", expiresIn, issued.RefreshToken };
        SessionCookies.Set(context, issued, session);
        return new { csrfToken = tokens.CsrfToken(issued.Session), expiresIn };
    }
}
