using System.ComponentModel.DataAnnotations;

namespace CocoonPool.Silo.Auth;

/// <summary>Signing in. Section <c>Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The domains that wallets may sign for: the host names under which people open the pool. A proof for any other domain was made
    /// for somebody else's page.
    /// </summary>
    [MinLength(1, ErrorMessage = "Auth:Domains names at least one domain that wallets sign for, such as pool.example.")]
    public string[] Domains { get; set; } = ["localhost"];

    /// <summary>How long an access token is good for.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00", ErrorMessage = "Auth:AccessTokenLifetime is 1 minute to 1 hour.")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>After this time a person signs in anew, however often the tokens were renewed.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00", ErrorMessage = "Auth:OperatorSession is 5 minutes to 30 days.")]
    public TimeSpan OperatorSession { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The same for participants' wallets.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "90.00:00:00", ErrorMessage = "Auth:ParticipantSession is 5 minutes to 90 days.")]
    public TimeSpan ParticipantSession { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Memory of Argon2id for each password, in MiB.</summary>
    [Range(19, 1024, ErrorMessage = "Auth:PasswordMemoryMiB is 19 to 1024.")]
    public int PasswordMemoryMiB { get; set; } = 64;

    /// <summary>Passes of Argon2id over that memory.</summary>
    [Range(2, 20, ErrorMessage = "Auth:PasswordPasses is 2 to 20.")]
    public int PasswordPasses { get; set; } = 3;

    /// <summary>Rounds of PBKDF2-HMAC-SHA-512 for each password on a machine without Argon2id.</summary>
    [Range(210_000, 10_000_000, ErrorMessage = "Auth:PasswordIterations is at least 210000.")]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>A file, readable by the host alone, with 64 hexadecimal digits that seal the key ring; the ticket key serves when it is not set.</summary>
    public string? KeyRingKeyFile { get; set; }
}
