using System.Text.Json;
using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Domain.Audit;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Workers;

namespace CocoonPool.Silo.Audit;

/// <summary>Reading and checking the audit log. Nothing writes it from outside, and nothing changes it.</summary>
public static class AuditEndpoints
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<StrangerLines>().AddSingleton<IRefusedLinks, RefusedLinkLines>().AddSingleton<AuditWriter>().AddHostedService(provider => provider.GetRequiredService<AuditWriter>()).AddHostedService<StartRecord>();
    }

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit", async (AuditLog log, PoolSettings settings, int? limit, long? cursor, string? actor, CancellationToken cancellationToken) =>
            Page(await log.Read(settings.Id, cursor ?? long.MaxValue, newestFirst: true, Size(limit), actor, cancellationToken), Size(limit)))
            .Requires(Permission.ReadAudit).WithSummary("The audit log, newest first.");
        routes.MapGet("/api/v1/audit/verify", async (AuditLog log, PoolSettings settings, CancellationToken cancellationToken) => await log.Verify(settings.Id, cancellationToken))
            .Requires(Permission.ReadAudit).WithSummary("Recomputes the chain of the whole log.");
    }

    public static int Size(int? limit) => Math.Clamp(limit ?? 50, 1, 1_000);

    public static object Page(IReadOnlyList<ChainedAuditEntry> lines, int size) => new
    {
        data = lines.Select(l => new
        {
            l.Sequence,
            l.Entry.At,
            l.Entry.Actor,
            l.Entry.Role,
            l.Entry.Action,
            l.Entry.Object,
            l.Entry.Source,
            l.Entry.Success,
            l.Entry.RequestId,
            before = Parse(l.Entry.Before),
            after = Parse(l.Entry.After),
            hash = Convert.ToHexStringLower(l.Hash),
        }),
        pagination = new { next_cursor = lines.Count == size ? lines[^1].Sequence.ToString() : null, has_more = lines.Count == size },
    };

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);
}
