using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace CocoonPool.Silo.Admin;

/// <summary>What the host runs with, without its secrets; and the key ring's rotation.</summary>
public static class ConfigurationEndpoints
{
    private static readonly string[] Sections = ["Silo", "Pool", "Chain", "Settlement", "Auth", "Audit", "Approvals", "RateLimits", "Inference", "Metering", "Tracing", "Webhooks", "Transport", "Orleans"];

    /// <summary>A server reads the ring again at least daily; a new key is used when every one of them has seen it.</summary>
    private static readonly TimeSpan UntilAllKnow = TimeSpan.FromHours(25);
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    public static void MapConfiguration(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/config", (IConfiguration configuration) => Results.Json(Show(configuration), ApiJson.Options))
            .Requires(Permission.ReadConfiguration).WithSummary("The configuration; secrets are named, not shown.");
        routes.MapGet("/api/v1/config/verify", (IConfiguration configuration, IHostEnvironment environment) =>
        {
            var findings = ConfigurationCheck.Find(configuration, environment.IsDevelopment());
            return new { ok = findings.Count == 0, environment = environment.EnvironmentName, findings };
        }).Requires(Permission.ReadConfiguration).WithSummary("Secrets that are missing, weak, defaults or readable by others; open listeners.");
        routes.MapPost("/api/v1/key-ring/rotate", (IKeyManager ring, HttpContext context, TimeProvider time) =>
        {
            var active = time.GetUtcNow() + UntilAllKnow;
            var key = ring.CreateNewKey(active, active + KeyLifetime);
            context.Audit("rotate_key_ring", key.KeyId.ToString());
            return new { key.KeyId, activeAt = key.ActivationDate, expiresAt = key.ExpirationDate };
        }).Requires(Permission.RotateKeys).WithSummary("Adds a key to the ring; it is used from tomorrow on, and what older keys protected stays readable.");
    }

    public static SortedDictionary<string, string?> Show(IConfiguration configuration)
    {
        var shown = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (key, value) in Sections.SelectMany(s => configuration.GetSection(s).AsEnumerable()).Where(p => p.Value is not null))
            shown[key] = key.Contains("password", StringComparison.OrdinalIgnoreCase) || key.Contains("secret", StringComparison.OrdinalIgnoreCase) ? "[redacted]" : value;
        if (configuration.GetConnectionString("Pool") is { } text)
        {
            var database = new NpgsqlConnectionStringBuilder(text);
            if (database.Password is { Length: > 0 })
                database.Password = "[redacted]";
            shown["ConnectionStrings:Pool"] = database.ConnectionString;
        }
        return shown;
    }
}
