using System.Text.RegularExpressions;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth;

/// <summary>Signs people in by password and one-time code. Every failure has the same words and takes the same steps.</summary>
public sealed partial class OperatorSignIn(
    Accounts accounts, SignInGuard guard, PersonCredentials credentials, AccessTokens tokens, PoolSettings settings, IOptions<AuthOptions> options, TimeProvider time)
{
    /// <param name="address">The network that it comes from; failures are counted for it as well as for the account.</param>
    /// <exception cref="ApiException">401 when anything is wrong, 429 when it was wrong too often.</exception>
    public async Task<IssuedTokens> SignIn(string? username, string? password, string? totp, string? recoveryCode, string address, CancellationToken cancellationToken)
    {
        var account = await Prove(username, password, totp, recoveryCode, address, cancellationToken);
        return await tokens.Open(account.Role, account.Username, options.Value.OperatorSession, cancellationToken);
    }

    /// <summary>The account, if password and second factor are its own.</summary>
    /// <exception cref="ApiException">401 when anything is wrong, 429 when it was wrong too often.</exception>
    public async Task<Account> Prove(string? username, string? password, string? totp, string? recoveryCode, string address, CancellationToken cancellationToken)
    {
        if (username is not { Length: > 0 and <= 32 } || password is not { Length: > 0 and <= PersonCredentials.LongestPassword } || (totp ?? recoveryCode) is not { Length: > 0 and <= 64 })
            throw ApiException.Invalid("username, password and totp (or recovery_code) are needed.");
        var name = IsUsername(username) ? username : "(malformed)";
        var bucket = $"account:{name}";
        var attempt = await guard.Begin(settings.Id, [bucket, $"address:{address}"], cancellationToken)
            ?? throw new ApiException(429, "too_many_attempts", "Too many failed sign-ins; wait five minutes.") { RetryAfterSeconds = (int)SignInGuard.Window.TotalSeconds };

        var account = await accounts.Find(settings.Id, name, cancellationToken);
        var (check, step) = await credentials.Check(account, password, totp ?? "", time.GetUtcNow(), cancellationToken);
        var rightPassword = check.IsRight;
        var second = (totp, recoveryCode) switch
        {
            (not null, _) => rightPassword && step is { } used && await accounts.UseTotpStep(settings.Id, name, used, cancellationToken),
            // Looked up whatever the password was, so that the time says nothing about it; used up only with the right one.
            (_, not null) => await accounts.HasRecoveryCode(settings.Id, name, PersonCredentials.HashOf(recoveryCode), cancellationToken)
                && rightPassword && await accounts.UseRecoveryCode(settings.Id, name, PersonCredentials.HashOf(recoveryCode), cancellationToken),
            _ => false,
        };
        if (account is null || account.DisabledAt is not null || !rightPassword || !second)
            throw new ApiException(401, "unauthorized", "The username, the password or the one-time code is wrong.");
        await guard.Succeeded(settings.Id, attempt, bucket, cancellationToken);
        if (check.IsOutdated)
            await accounts.ReplaceHash(settings.Id, name, account.PasswordHash, await credentials.HashAnew(password, cancellationToken), cancellationToken);
        return account;
    }

    public static bool IsUsername(string? text) => text is not null && Username().IsMatch(text);

    [GeneratedRegex("^[a-z][a-z0-9._-]{2,31}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Username();
}
