using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Grains;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth;

/// <summary>What a sign-in answers.</summary>
public sealed record IssuedTokens(string AccessToken, string RefreshToken, TimeSpan ExpiresIn, Guid Session);

/// <summary>
/// Access tokens: the session and the moment of expiry, encrypted and authenticated by the key ring. What the session may do is not
/// in the token but in the session's row, so that ending a session ends its tokens at once.
/// </summary>
public sealed class AccessTokens(IDataProtectionProvider protection, Sessions sessions, PoolSettings settings, IOptions<AuthOptions> options, TimeProvider time)
{
    public const string AccessPrefix = "ct_";
    private const string RefreshPrefix = "cr_";

    // The pool's id is part of the purpose: a token of one pool means nothing to another one over the same key ring.
    private readonly IDataProtector _protector = protection.CreateProtector("CocoonPool.AccessToken.v1", settings.Id);
    private readonly IDataProtector _csrf = protection.CreateProtector("CocoonPool.Csrf.v1", settings.Id);

    public async Task<IssuedTokens> Open(string role, string subject, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var refresh = NewRefreshToken();
        var session = await sessions.Open(settings.Id, role, subject, refresh, lifetime, cancellationToken);
        return Issue(session, refresh);
    }

    /// <summary>Takes a refresh token for new tokens; says why not otherwise.</summary>
    public async Task<(IssuedTokens? Tokens, RefreshOutcome Outcome, string Subject)> Refresh(string token, CancellationToken cancellationToken)
    {
        var successor = NewRefreshToken();
        var (outcome, session, subject) = await sessions.Refresh(settings.Id, token, successor, cancellationToken);
        return (outcome == RefreshOutcome.Renewed ? Issue(session, successor) : null, outcome, subject);
    }

    /// <summary>Who an access token speaks for now, or null.</summary>
    public async Task<KeyHolder?> Find(string token, CancellationToken cancellationToken) =>
        Open(token) is var (session, expires) && expires > time.GetUtcNow() ? await sessions.Find(settings.Id, session, cancellationToken) : null;

    /// <summary>What a page has to send with a change, beside the cookie that the browser adds by itself.</summary>
    public string CsrfToken(Guid session) => Base64Url.EncodeToString(_csrf.Protect(session.ToByteArray()));

    public bool IsCsrfTokenOf(string token, Guid session)
    {
        try
        {
            return CryptographicOperations.FixedTimeEquals(_csrf.Unprotect(Base64Url.DecodeFromChars(token)), session.ToByteArray());
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private IssuedTokens Issue(Guid session, string refresh)
    {
        var content = new byte[24];
        session.TryWriteBytes(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), (time.GetUtcNow() + options.Value.AccessTokenLifetime).ToUnixTimeSeconds());
        return new(AccessPrefix + Base64Url.EncodeToString(_protector.Protect(content)), refresh, options.Value.AccessTokenLifetime, session);
    }

    private (Guid Session, DateTimeOffset Expires)? Open(string token)
    {
        try
        {
            var content = _protector.Unprotect(Base64Url.DecodeFromChars(token.AsSpan(AccessPrefix.Length)));
            return (new Guid(content.AsSpan(0, 16)), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(16))));
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string NewRefreshToken() => RefreshPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
