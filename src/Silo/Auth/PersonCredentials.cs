using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Domain.Access;
using CocoonPool.Grains;
using CocoonPool.Silo.Auth.Passwords;
using Microsoft.AspNetCore.DataProtection;

namespace CocoonPool.Silo.Auth;

/// <summary>Credentials as they are shown, once, to the person who is to use them.</summary>
/// <param name="TotpUri">What an authenticator app reads, also as a QR code.</param>
public sealed record ShownCredentials(string Password, string TotpSecret, string TotpUri, IReadOnlyList<string> RecoveryCodes);

/// <summary>Makes and checks passwords, one-time seeds and recovery codes. The seed is sealed with the key ring; the others are hashed.</summary>
public sealed class PersonCredentials : IDisposable
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 128;
    private const int RecoveryCodes = 10;

    private readonly PasswordHashes _hashes;
    private readonly IDataProtector _seeds;
    private readonly PoolSettings _settings;
    private readonly string _nobodysHash;
    private readonly byte[] _nobodysSeed;

    // Each hash takes a core for a tenth of a second: a flood of sign-ins must not take all cores from everybody else.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public PersonCredentials(IDataProtectionProvider protection, PasswordHashes hashes, PoolSettings settings)
    {
        _settings = settings;
        _seeds = protection.CreateProtector("CocoonPool.TotpSeed.v1", settings.Id);
        _hashes = hashes;
        _nobodysHash = hashes.Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        _nobodysSeed = _seeds.Protect(RandomNumberGenerator.GetBytes(Totp.SeedLength));
    }

    /// <param name="password">The person's own choice; null lets the pool choose.</param>
    /// <param name="by">Who will know them.</param>
    public (ShownCredentials Shown, StoredCredentials Stored) Make(string username, string? password, string by)
    {
        password ??= Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var seed = RandomNumberGenerator.GetBytes(Totp.SeedLength);
        var secret = Totp.ToBase32(seed);
        string[] codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode())];
        var uri = $"otpauth://totp/{Uri.EscapeDataString($"Cocoon Pool {_settings.Id}")}:{Uri.EscapeDataString(username)}?secret={secret}&issuer={Uri.EscapeDataString($"Cocoon Pool {_settings.Id}")}";
        return (new(password, secret, uri, codes), new(_hashes.Hash(password), _seeds.Protect(seed), [.. codes.Select(HashOf)], by));
    }

    /// <summary>Checks password and one-time code. Takes the same steps whether the account exists or not.</summary>
    /// <returns>Whether the password is right and its hash as good as one of today, and the step of the code if that is right.</returns>
    public Task<(PasswordCheck Password, long? TotpStep)> Check(Account? account, string password, string totp, DateTimeOffset now, CancellationToken cancellationToken) => InTurn(
        () =>
        {
            var check = _hashes.Check(account?.PasswordHash ?? _nobodysHash, password);
            var step = Totp.Accept(_seeds.Unprotect(account?.TotpSeed ?? _nobodysSeed), totp, now, account?.TotpLastStep ?? 0);
            return account is null ? (default, null) : (check, step);
        },
        cancellationToken);

    /// <summary>A hash as one is made today.</summary>
    public Task<string> HashAnew(string password, CancellationToken cancellationToken) => InTurn(() => _hashes.Hash(password), cancellationToken);

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    public static byte[] HashOf(string recoveryCode) =>
        SHA256.HashData(Encoding.ASCII.GetBytes([.. recoveryCode.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]));

    private static string RecoveryCode() => string.Join('-', Totp.ToBase32(RandomNumberGenerator.GetBytes(15)).Chunk(6).Select(c => new string(c)));
}
