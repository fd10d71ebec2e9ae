using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CocoonPool.Engine.Local;

/// <summary>Puts the engine into a host.</summary>
public static class LocalEngineExtensions
{
    /// <summary>
    /// Adds the engine: <see cref="IGrainFactory"/>, <see cref="IClusterClient"/> and a hosted service that runs it. State and
    /// reminders live in PostgreSQL through the <see cref="Npgsql.NpgsqlDataSource"/> of the services, unless an
    /// <see cref="IGrainStorage"/> or an <see cref="IReminderTable"/> is registered; time is the registered <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddLocalEngine(this IServiceCollection services, Action<LocalEngineOptions> configure)
    {
        services.AddOptions<LocalEngineOptions>().Configure(configure)
            .Validate(o => o.Assemblies.Count > 0, $"{nameof(LocalEngineOptions.Assemblies)} is empty: there are no grains to run.")
            .Validate(o => o.ServiceId.Length is > 0 and <= 150, $"{nameof(LocalEngineOptions.ServiceId)} must have 1 to 150 characters.")
            .Validate(o => o.ResponseTimeout > TimeSpan.Zero, $"{nameof(LocalEngineOptions.ResponseTimeout)} must be positive.")
            .Validate(o => o.CollectionQuantum > TimeSpan.Zero, $"{nameof(LocalEngineOptions.CollectionQuantum)} must be positive.")
            .Validate(o => o.MemoryLimitPercent is > 0 and <= 100, $"{nameof(LocalEngineOptions.MemoryLimitPercent)} must be between 1 and 100.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnPool, ThreadTurnPool>();
        services.TryAddSingleton(p => p.GetRequiredService<IOptions<LocalEngineOptions>>().Value);
        services.TryAddSingleton(p => new GrainCatalog(p.GetRequiredService<LocalEngineOptions>().Assemblies));
        services.TryAddSingleton(p => new DeepCopier(p.GetRequiredService<LocalEngineOptions>().Assemblies));
        services.TryAddSingleton<LocalEngine>();
        services.TryAddSingleton(p => p.GetRequiredService<LocalEngine>().Factory);
        services.TryAddSingleton<IGrainFactory>(p => p.GetRequiredService<GrainFactory>());
        services.TryAddSingleton<IClusterClient>(p => p.GetRequiredService<GrainFactory>());
        services.TryAddSingleton<IGrainStorage, PostgresGrainStorage>();
        services.TryAddSingleton<IReminderTable, PostgresReminderTable>();
        services.TryAddSingleton<ReminderService>();
        services.TryAddScoped<GrainContextHolder>();
        services.TryAddScoped<IGrainContext>(p => p.GetRequiredService<GrainContextHolder>().Context
            ?? throw new InvalidOperationException("Only the services of an activation have a grain context."));
        return services.AddHostedService<LocalEngineService>();
    }

    /// <inheritdoc cref="AddLocalEngine"/>
    public static IHostApplicationBuilder UseLocalEngine(this IHostApplicationBuilder builder, Action<LocalEngineOptions> configure)
    {
        builder.Services.AddLocalEngine(configure);
        return builder;
    }
}
