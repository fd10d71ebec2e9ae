using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>Puts the feeds into the host.</summary>
public static class LiveHosting
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<ListenerSeats>().AddSingleton<StandingCheck>().AddSingleton<Audience>();
        services.AddSingleton<EventTail>().AddHostedService(provider => provider.GetRequiredService<EventTail>());
        services.AddSingleton<EventsSocket>().AddHostedService(provider => provider.GetRequiredService<EventsSocket>());
        services.AddSingleton<WorkersSocket>().AddHostedService(provider => provider.GetRequiredService<WorkersSocket>());
        return services.AddSingleton<MetricsSocket>().AddHostedService(provider => provider.GetRequiredService<MetricsSocket>());
    }

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ws/events", (HttpContext context, EventsSocket events) => events.Serve(context)).Requires(Permission.Public).WithMetadata(new CallerIsRecognised()).ExcludeFromDescription();
        routes.MapGet("/ws/workers", (HttpContext context, WorkersSocket workers) => workers.Serve(context)).Requires(Permission.ReadWorker).ExcludeFromDescription();
        routes.MapGet("/ws/metrics", (HttpContext context, MetricsSocket metrics) => metrics.Serve(context)).Requires(Permission.ReadAll).ExcludeFromDescription();
    }
}
