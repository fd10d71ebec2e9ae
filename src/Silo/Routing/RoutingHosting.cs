using CocoonPool.Adapters.Postgres.Routing;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Workers;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Routing;

/// <summary>Puts the gateway into a host.</summary>
public static class RoutingHosting
{
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>().BindConfiguration("Inference").ValidateOnStart();
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.AddSingleton(p => new RoutingSnapshot(
            p.GetRequiredService<IGrainFactory>(), p.GetRequiredService<IWorkerDirectory>(), p.GetRequiredService<WorkerLinks>(),
            p.GetRequiredService<PoolSettings>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<RoutingSnapshot>>()));
        services.AddHostedService(p => p.GetRequiredService<RoutingSnapshot>());
        services.AddSingleton<ModelQueues>();
        services.AddSingleton<Dispatching>();
        services.AddSingleton<InferenceDispatcher>();
        services.AddSingleton<InferenceGate>();
        services.AddSingleton<ServedRequests>();
        services.AddHostedService<RoutingGauges>();
        return services;
    }
}
