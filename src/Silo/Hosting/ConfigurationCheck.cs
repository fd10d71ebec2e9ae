using CocoonPool.Silo.Auth.Passwords;
using Npgsql;

namespace CocoonPool.Silo.Hosting;

/// <summary>Something in the configuration that an attacker would be glad of.</summary>
/// <param name="Key">The configuration's key.</param>
/// <param name="Problem">What is wrong and what to do; never the value.</param>
public sealed record ConfigurationFinding(string Key, string Problem);

/// <summary>
/// Looks for secrets that are missing, weak, defaults or readable by others, for listeners that are plain and public, and for the
/// demo's profile. Outside Development the host refuses to start with any finding; <c>cocoon-admin config verify</c> shows them.
/// </summary>
public static class ConfigurationCheck
{
    private const int ShortestPassword = 12;
    private static readonly string[] Defaults = ["postgres", "password", "changeme", "change-me", "secret", "cocoon", "admin", "test", "example"];

    /// <exception cref="InvalidOperationException">The host must not start like this; every finding is named.</exception>
    public static void MustPass(IHostEnvironment environment, IConfiguration configuration)
    {
        LoadTestProfile.MustBeHarmless(environment, configuration);
        if (environment.IsDevelopment())
            return;
        var findings = Find(configuration, development: false);
        if (findings.Count > 0)
            throw new InvalidOperationException($"The configuration is not fit for {environment.EnvironmentName}:{string.Concat(findings.Select(f => $"{Environment.NewLine}  {f.Key}: {f.Problem}"))}");
    }

    /// <param name="development">What only matters to a pool that others reach is left out.</param>
    public static IReadOnlyList<ConfigurationFinding> Find(IConfiguration configuration, bool development)
    {
        var findings = new List<ConfigurationFinding>();
        Hex("Pool:TicketKeyFile", required: true);
        Hex("Auth:KeyRingKeyFile", required: false);
        Token("Chain:GatewayTokenFile", required: true);
        Token("Pool:OperatorKeyFile", required: false);
        // Private keys of certificates: that nobody else can read them is all that can be judged.
        Secret("Orleans:Tls:KeyFile", required: false);
        Secret("Kestrel:Certificates:Default:KeyPath", required: false);
        Database();
        if (!development)
            Public();
        return findings;

        void Hex(string key, bool required)
        {
            if (Secret(key, required) is not { } secret)
                return;
            if (secret.Length != 64 || !secret.All(char.IsAsciiHexDigit))
                Add(key, "the file does not hold 64 hexadecimal digits; `openssl rand -hex 32` makes them.");
            else if (Convert.FromHexString(secret).Distinct().Count() < 16)
                Add(key, "the key is not random; `openssl rand -hex 32` makes one that is.");
        }

        void Token(string key, bool required)
        {
            if (Secret(key, required) is { } secret && (secret.Length < 32 || secret.Distinct().Count() < 10))
                Add(key, "the token is short or not random; `openssl rand -hex 32` makes one that is.");
        }

        string? Secret(string key, bool required)
        {
            if (configuration[key] is not { Length: > 0 } path)
            {
                if (required)
                    Add(key, "is missing.");
                return null;
            }
            try
            {
                return Secrets.Read(path, key);
            }
            catch (Exception problem) when (problem is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                Add(key, problem.Message);
                return null;
            }
        }

        void Database()
        {
            const string key = "ConnectionStrings:Pool";
            if (configuration.GetConnectionString("Pool") is not { Length: > 0 } text)
            {
                Add(key, "is missing.");
                return;
            }
            var database = new NpgsqlConnectionStringBuilder(text);
            var local = database.Host is null || database.Host.StartsWith('/') || database.Host is "localhost" || (System.Net.IPAddress.TryParse(database.Host, out var address) && System.Net.IPAddress.IsLoopback(address));
            if (database.Password is { Length: > 0 } password)
            {
                if (Defaults.Contains(password, StringComparer.OrdinalIgnoreCase) || string.Equals(password, database.Username, StringComparison.OrdinalIgnoreCase))
                    Add(key, "the password is a default one.");
                else if (password.Length < ShortestPassword)
                    Add(key, $"the password has fewer than {ShortestPassword} characters.");
            }
            else if (!local)
            {
                Add(key, "a database on another machine is reached without a password.");
            }
            if (!local && !development && database.SslMode is not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull))
                Add(key, "a database on another machine is reached without TLS; set SSL Mode to Require, VerifyCA or VerifyFull.");
        }

        void Public()
        {
            foreach (var key in (string[])["Silo:Listen", "Silo:MetricsListen"])
            {
                if (TransportGuard.IsOpen(configuration, new Uri(configuration[key] ?? "http://127.0.0.1:8080")))
                    Add(key, "is plain HTTP on a public address; use https, or set Transport:BehindProxy=true when a proxy ends TLS.");
            }
            // Listeners of the web server's own section come in the place of ours, and past the check above.
            foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            {
                if (!Uri.TryCreate(endpoint["Url"], UriKind.Absolute, out var url) || TransportGuard.IsOpen(configuration, url))
                    Add($"{endpoint.Path}:Url", "opens a listener that is plain HTTP on a public address, or no address that can be judged; use Silo:Listen with https.");
            }
            if (configuration.GetValue("Transport:BehindProxy", false) && configuration.GetSection("Transport:Proxies").Get<string[]>() is not { Length: > 0 })
                Add("Transport:Proxies", "names no proxy: every client would share the proxy's address, and one who fails to sign in would lock all others out.");
            if (Uri.TryCreate(configuration["Chain:GatewayUrl"], UriKind.Absolute, out var gateway) && gateway is { IsLoopback: false } && gateway.Scheme == Uri.UriSchemeHttp
                && !configuration.GetValue("Chain:PrivateNetwork", false))
                Add("Chain:GatewayUrl", "sends the gateway's token in plain HTTP to another machine; use https, or set Chain:PrivateNetwork=true when the way there is encrypted otherwise.");
            if (Sodium.Load() is null)
                Add("Auth:PasswordMemoryMiB", "passwords cannot be hashed with Argon2id: install libsodium (Debian: libsodium23).");
            if (configuration["Transport:MinimumTls"] is not (null or "" or "1.2" or "1.3"))
                Add("Transport:MinimumTls", "is 1.2 or 1.3.");
            var domains = configuration.GetSection("Auth:Domains").Get<string[]>();
            if (domains is not { Length: > 0 } || domains.Contains("localhost", StringComparer.OrdinalIgnoreCase))
                Add("Auth:Domains", "names the domains that wallets sign for; 'localhost' would accept what a page on the visitor's own machine asked for.");
        }

        void Add(string key, string problem) => findings.Add(new(key, problem));
    }
}
