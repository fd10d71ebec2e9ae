using System.Reflection;
using System.Text.Json;
using CocoonPool.Engine.Local;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Deterministic;

/// <summary>What is simulated. One object serves any number of simulations, also side by side, and spares them the search for grains.</summary>
public sealed class SimulationOptions
{
    private readonly Lazy<GrainCatalog> _catalog;
    private readonly Lazy<DeepCopier> _copier;

    /// <param name="assemblies">Those that hold the grain classes.</param>
    public SimulationOptions(params Assembly[] assemblies)
    {
        Assemblies = assemblies;
        _catalog = new Lazy<GrainCatalog>(() => new GrainCatalog(assemblies));
        _copier = new Lazy<DeepCopier>(() => new DeepCopier(assemblies));
    }

    /// <inheritdoc cref="SimulationOptions(Assembly[])"/>
    public IReadOnlyList<Assembly> Assemblies { get; }

    /// <summary>
    /// Adds the services that grains need; called for every life of the engine. What must outlive a crash, such as the content
    /// of a store, is made outside and registered as an instance.
    /// </summary>
    public Action<IServiceCollection, Simulation> Services { get; init; } = (_, _) => { };

    /// <summary>Changes the engine's settings. Idle activations are looked for every ten minutes, unless it says otherwise.</summary>
    public Action<LocalEngineOptions> Engine { get; init; } = _ => { };

    /// <summary>What goes wrong at first; <see cref="Simulation.Faults"/> changes it on the way.</summary>
    public Faults Faults { get; init; } = Faults.None;

    /// <summary>What the wall clock shows at the start.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How grain state becomes JSON.</summary>
    public JsonSerializerOptions Json { get; init; } = new LocalEngineOptions().Json;

    internal ServiceProvider Build(Simulation simulation, Incarnation life, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(simulation);
        services.AddSingleton(clock);
        services.AddSingleton<ITurnPool>(life);
        services.AddSingleton<ITransit>(life);
        services.AddSingleton(simulation.Operations);
        services.AddSingleton<IGrainStorage>(simulation.Storage);
        services.AddSingleton<IReminderTable>(simulation.Reminders);
        services.AddSingleton(_ => _catalog.Value);
        services.AddSingleton(_ => _copier.Value);
        Services(services, simulation);
        services.AddLocalEngine(options =>
        {
            foreach (var assembly in Assemblies) options.Assemblies.Add(assembly);
            options.CollectionQuantum = TimeSpan.FromMinutes(10);
            Engine(options);

            // How full the machine's memory is differs from run to run.
            options.MemoryLimitPercent = 100;
        });
        return services.BuildServiceProvider();
    }
}
