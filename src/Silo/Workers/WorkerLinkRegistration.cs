using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Hosting;
using CocoonPool.Silo.Workers.Polling;
using CocoonPool.Grains.Workers.Link;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CocoonPool.Silo.Workers;

/// <summary>Puts the worker link into a host: the services, and the endpoint <c>/worker/v1/link</c>.</summary>
public static class WorkerLinkRegistration
{
    public static IServiceCollection AddWorkerLink(this IServiceCollection services, Action<WorkerLinkOptions>? configure = null)
    {
        services.AddOptions<WorkerLinkOptions>()
            .Configure(configure ?? (_ => { }))
            .Validate(o => o.PoolId is { Length: > 0 and <= 64 } && !o.PoolId.Contains('\n', StringComparison.Ordinal),
                "WorkerLinkOptions.PoolId must be the pool's id, 1 to 64 characters.")
            .Validate(o => o.CreditWindow is >= 2 and <= 4096, "WorkerLinkOptions.CreditWindow must be 2..4096 pieces.")
            .Validate(o => o.MaxUnprovenLinks >= 1, "WorkerLinkOptions.MaxUnprovenLinks must be at least 1.")
            .Validate(o => o.MaxUnprovenLinksOfOneNetwork >= 1, "WorkerLinkOptions.MaxUnprovenLinksOfOneNetwork must be at least 1.")
            .Validate(o => o.OpenStreamAttempts >= 1, "WorkerLinkOptions.OpenStreamAttempts must be at least 1.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerLinks>();
        services.TryAddSingleton<IWorkerLinks>(provider => provider.GetRequiredService<WorkerLinks>());
        services.TryAddSingleton<IAgentStreams, AgentStreams>();
        services.TryAddSingleton<ThisSilo>();
        services.TryAddSingleton<LinkHandshake>();
        services.TryAddSingleton<WorkerLinkEndpoint>();
        services.TryAddSingleton<IPollSessions, PollSessions>();
        services.TryAddSingleton<PollAdmission>();
        return services;
    }

    /// <summary>
    /// Maps the link. The WebSocket middleware is part of the endpoint, so the host's pipeline needs none. The endpoint asks
    /// for no API key: the worker's own key, proven in the hello, is what lets it in.
    /// </summary>
    public static IEndpointConventionBuilder MapWorkerLink(this IEndpointRouteBuilder endpoints)
    {
        var link = endpoints.ServiceProvider.GetRequiredService<WorkerLinkEndpoint>();
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(link.Serve);
        return endpoints.MapGet(LinkLimits.Path, pipeline.Build()).AllowAnonymous().WithDisplayName("worker link");
    }
}
