using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Local;

/// <summary>What the engine knows of a grain class: its stable name, how to make one, and its attributes.</summary>
internal sealed class GrainClass
{
    private const string Suffix = "grain";

    private readonly ObjectFactory _factory;
    private readonly (Type State, string Name, string? Storage)[] _facets;

    public GrainClass(Type type)
    {
        Type = type;
        TypeName = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? Conventional(type.Name);
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        MaxWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        CollectionAge = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.Age;
        var marked = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters()
            .Select(p => (Parameter: p, Attribute: p.GetCustomAttribute<PersistentStateAttribute>()))
            .Where(p => p.Attribute is not null)
            .ToArray() ?? [];
        _facets = [.. marked.Select(p => (
            p.Parameter.ParameterType.GetGenericArguments().Single(),
            string.IsNullOrEmpty(p.Attribute!.StateName) ? p.Parameter.Name! : p.Attribute.StateName,
            p.Attribute.StorageName))];
        _factory = ActivatorUtilities.CreateFactory(type, [.. marked.Select(p => p.Parameter.ParameterType)]);
    }

    public Type Type { get; }

    public string TypeName { get; }

    public bool Reentrant { get; }

    /// <summary>The limit of a stateless worker, 0 for any other grain.</summary>
    public int MaxWorkers { get; }

    public TimeSpan? CollectionAge { get; }

    /// <summary>The storage name and state name of every state, which together with the key make the storage key.</summary>
    public IEnumerable<(string? Storage, string State)> StateNames => _facets.Select(f => (f.Storage, f.Name));

    public StateFacet[] CreateFacets(Activation activation) => [.. _facets.Select(f => StateFacet.Create(f.State, activation, f.Name, f.Storage))];

    /// <summary>Runs the constructor. Called in a turn of the activation, so that <see cref="Grain"/> finds its context.</summary>
    public object Create(IServiceProvider services, StateFacet[] facets) => _factory(services, facets);

    // The rule of Orleans: lower case, without the suffix "grain".
    private static string Conventional(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower.Length > Suffix.Length && lower.EndsWith(Suffix, StringComparison.Ordinal) ? lower[..^Suffix.Length] : lower;
    }
}
