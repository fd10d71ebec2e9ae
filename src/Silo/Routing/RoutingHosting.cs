using CocoonPool.Adapters.Postgres.Routing;
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
        services.AddSingleton(p =>
        {
            var snapshot = ActivatorUtilities.CreateInstance<RoutingSnapshot>(p);
            p.GetRequiredService<WorkerLinks>().StreamEnded = snapshot.Drop;
            return snapshot;
        });
        services.AddHostedService(p => p.GetRequiredService<RoutingSnapshot>());
        services.AddSingleton<ModelQueues>();
        services.AddSingleton<WorkerCalls>();
        services.AddSingleton<Dispatching>();
        services.AddSingleton<InferenceDispatcher>();
        services.AddSingleton<InferenceGate>();
        services.AddSingleton<ServedRequests>();
        services.AddHostedService<RoutingGauges>();
        return services;
    }
}
