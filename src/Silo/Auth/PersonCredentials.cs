using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Domain.Access;
using CocoonPool.Grains;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

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

    private readonly PasswordHasher<string> _hasher;
    private readonly IDataProtector _seeds;
    private readonly PoolSettings _settings;
    private readonly string _nobodysHash;
    private readonly byte[] _nobodysSeed;

    // Each hash takes a core for a tenth of a second: a flood of sign-ins must not take all cores from everybody else.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public PersonCredentials(IDataProtectionProvider protection, IOptions<AuthOptions> options, PoolSettings settings)
    {
        _settings = settings;
        _seeds = protection.CreateProtector("CocoonPool.TotpSeed.v1", settings.Id);
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        _nobodysHash = _hasher.HashPassword("", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
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
        return (new(password, secret, uri, codes), new(_hasher.HashPassword("", password), _seeds.Protect(seed), [.. codes.Select(HashOf)], by));
    }

    /// <summary>Checks password and one-time code. Takes the same steps whether the account exists or not.</summary>
    /// <returns>Whether the password is right, and the step of the code if that is.</returns>
    public async Task<(bool Password, long? TotpStep)> Check(Account? account, string password, string totp, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var right = _hasher.VerifyHashedPassword("", account?.PasswordHash ?? _nobodysHash, password) != PasswordVerificationResult.Failed;
            var step = Totp.Accept(_seeds.Unprotect(account?.TotpSeed ?? _nobodysSeed), totp, now, account?.TotpLastStep ?? 0);
            return (right && account is not null, account is null ? null : step);
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
