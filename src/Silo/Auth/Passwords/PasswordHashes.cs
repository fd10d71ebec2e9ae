using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth.Passwords;

/// <summary>What came of comparing a password with its hash.</summary>
/// <param name="IsOutdated">It is right, and its hash is not how hashes are made today: hash it anew.</param>
public readonly record struct PasswordCheck(bool IsRight, bool IsOutdated);

/// <summary>
/// Hashes of passwords. New ones are Argon2id; those of PBKDF2, which came before and which a machine without libsodium makes, stay good and
/// are replaced when their owners sign in.
/// </summary>
public sealed partial class PasswordHashes
{
    /// <summary>How a hash of Argon2id begins; one of PBKDF2 is plain Base64.</summary>
    public const string ArgonPrefix = "$argon2id$";

    private readonly Sodium? _sodium = Sodium.Load();
    private readonly PasswordHasher<string> _pbkdf2;
    private readonly int _passes;
    private readonly long _memory;

    public PasswordHashes(IOptions<AuthOptions> options, ILogger<PasswordHashes> log)
    {
        (_passes, _memory) = (options.Value.PasswordPasses, (long)options.Value.PasswordMemoryMiB << 20);
        _pbkdf2 = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        if (_sodium is null)
            LogWithoutArgon(log);
    }

    public string Hash(string password) => _sodium?.Hash(password, _passes, _memory) ?? _pbkdf2.HashPassword("", password);

    /// <exception cref="InvalidOperationException">The hash is one of Argon2id, and this machine cannot compute that.</exception>
    public PasswordCheck Check(string hash, string password)
    {
        if (!hash.StartsWith(ArgonPrefix, StringComparison.Ordinal))
        {
            var result = _pbkdf2.VerifyHashedPassword("", hash, password);
            var isRight = result is not PasswordVerificationResult.Failed;
            return new(isRight, isRight && (_sodium is not null || result is PasswordVerificationResult.SuccessRehashNeeded));
        }
        var sodium = _sodium ?? throw new InvalidOperationException("This server has no libsodium, and the account's password is hashed with Argon2id; install libsodium.");
        return sodium.IsRight(hash, password) ? new(true, sodium.IsOutdated(hash, _passes, _memory)) : default;
    }

    [LoggerMessage(1931, LogLevel.Warning, "libsodium is not installed: passwords are hashed with PBKDF2 instead of Argon2id")]
    private static partial void LogWithoutArgon(ILogger log);
}
