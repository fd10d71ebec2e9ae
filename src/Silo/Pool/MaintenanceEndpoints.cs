using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Pool;

/// <summary>Maintenance: announced windows, and one that is begun and ended by hand.</summary>
public static class MaintenanceEndpoints
{
    /// <param name="StartsAt">With <paramref name="EndsAt"/> a window that is announced; without both the maintenance begins at once.</param>
    public sealed record MaintenanceBody(string Reason, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null);

    public static void MapMaintenance(this IEndpointRouteBuilder routes)
    {
        const string Maintenance = "/api/v1/maintenance";
        routes.MapGet(Maintenance, List).Requires(Permission.Public).WithSummary("The maintenance windows, the latest first.");
        routes.MapPost(Maintenance, Begin).Requires(Permission.Operate).WithSummary("Announces a maintenance window, or starts a maintenance at once: no new work, running work goes on.");
        routes.MapDelete(Maintenance, End).Requires(Permission.Operate).WithSummary("Ends the maintenance, and the window that it belongs to.");
        routes.MapDelete(Maintenance + "/{id}", Cancel).Requires(Permission.Operate).WithSummary("Cancels a window that has not begun.");
    }

    private static async Task<object> List(IGrainFactory grains, PoolSettings settings, int? limit, string? cursor) =>
        ApiJson.Page([.. (await grains.GetGrain<IPoolGrain>(settings.Id).MaintenanceWindows()).Select(View)], limit, cursor);

    private static async Task<IResult> Begin(MaintenanceBody body, HttpContext context, IGrainFactory grains, PoolSettings settings, PoolOverview overview)
    {
        var reason = new ReasonBody(body.Reason).Checked();
        var pool = grains.GetGrain<IPoolGrain>(settings.Id);
        if ((body.StartsAt, body.EndsAt) is ({ } start, { } end))
            return Results.Json(View((await pool.AnnounceMaintenance(start.ToUniversalTime(), end.ToUniversalTime(), reason)).OrThrow()), ApiJson.Options, statusCode: 201);
        if (body.StartsAt is not null || body.EndsAt is not null)
            throw ApiException.Invalid("starts_at and ends_at go together; without both the maintenance begins at once.");
        return Results.Json(await PoolEndpoints.Switch(context, grains, settings, overview, one => one.StartMaintenance(reason)), ApiJson.Options);
    }

    private static Task<object> End(HttpContext context, IGrainFactory grains, PoolSettings settings, PoolOverview overview) =>
        PoolEndpoints.Switch(context, grains, settings, overview, pool => pool.EndMaintenance());

    private static async Task<object> Cancel(string id, IGrainFactory grains, PoolSettings settings) =>
        View((await grains.GetGrain<IPoolGrain>(settings.Id).CancelMaintenance(id)).OrThrow());

    private static object View(MaintenanceDescription window) => new { window.Id, startsAt = window.Start, endsAt = window.End, window.Reason, window.State };
}
