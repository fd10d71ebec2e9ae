using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CocoonPool.Engine.Local;

/// <summary>The settings of the engine. Defaults are those of Orleans where it has the same setting.</summary>
public sealed class LocalEngineOptions
{
    /// <summary>Whose rows in the tables are ours, at most 150 characters. An Orleans cluster opens them under the same service id.</summary>
    public string ServiceId { get; set; } = "default";

    /// <summary>The assemblies that hold grain classes; those they refer to are searched for converters too.</summary>
    public IList<Assembly> Assemblies { get; } = [];

    /// <summary>How long a caller waits for a response, unless its method says otherwise.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long reading the state and <see cref="Grain.OnActivateAsync"/> may take.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="Grain.OnDeactivateAsync"/> may take.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle, unless its class says otherwise.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Above this share of the memory that the process may use, activations end after a tenth of their age limit. 100 switches it off.</summary>
    public int MemoryLimitPercent { get; set; } = 80;

    /// <summary>The shortest period of a reminder. Below a minute only for development: each tick may wake a grain.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many reminder ticks may be under way at once.</summary>
    public int MaxReminderTicksAtOnce { get; set; } = 100;

    /// <summary>How grain state becomes JSON. The defaults are those of the System.Text.Json storage serializer of Orleans.</summary>
    public JsonSerializerOptions Json { get; } = new()
    {
        IncludeFields = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
