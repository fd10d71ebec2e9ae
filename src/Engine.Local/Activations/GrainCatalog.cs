using System.Collections.Concurrent;
using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>The grain classes of the given assemblies, found by the interfaces they implement.</summary>
internal sealed class GrainCatalog
{
    private readonly GrainClass[] _classes;
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> _resolved = new();

    /// <exception cref="InvalidOperationException">Two classes share a type name, or a state name in one storage.</exception>
    public GrainCatalog(IEnumerable<Assembly> assemblies)
    {
        _classes = [.. assemblies.Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && t.IsAssignableTo(typeof(IGrainBase)))
            .Select(t => new GrainClass(t))];
        RefuseTwins(_classes.Select(c => (c.TypeName, c.Type)), "grain type name");

        // The storage key has no grain type in it, as in Orleans: two classes with one state name would overwrite each other.
        RefuseTwins(_classes.SelectMany(c => c.StateNames.Select(s => ($"{s.Storage}:{s.State}", c.Type))), "state name");
    }

    public GrainClass Resolve(Type grainInterface, string? prefix) => _resolved.GetOrAdd((grainInterface, prefix), Find);

    public GrainClass Resolve(GrainId grainId) => Array.Find(_classes, c => string.Equals(c.TypeName, grainId.Type, StringComparison.Ordinal))
        ?? throw new ArgumentException($"No grain class is named '{grainId.Type}'.", nameof(grainId));

    private static void RefuseTwins(IEnumerable<(string Name, Type Type)> named, string what)
    {
        var twins = named.GroupBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twins is null) return;
        throw new InvalidOperationException($"The {what} '{twins.Key}' belongs to several grains: {string.Join(", ", twins.Select(t => t.Type))}.");
    }

    private GrainClass Find((Type Interface, string? Prefix) wanted)
    {
        var candidates = Array.FindAll(_classes, c => c.Type.IsAssignableTo(wanted.Interface));
        if (wanted.Prefix is not null)
        {
            candidates = Array.FindAll(candidates, c => c.Type.FullName!.StartsWith(wanted.Prefix, StringComparison.Ordinal));
        }
        else if (candidates.Length > 1)
        {
            // Several classes: the one that bears the interface's name is meant.
            candidates = Array.FindAll(candidates, c => string.Equals(c.Type.Name, wanted.Interface.Name[1..], StringComparison.Ordinal));
        }

        return candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new ArgumentException($"Could not find an implementation for interface {wanted.Interface}.", nameof(wanted)),
            _ => throw new ArgumentException(
                $"Several classes implement {wanted.Interface}: {string.Join(", ", candidates.Select(c => c.Type))}. Give a class name prefix.", nameof(wanted)),
        };
    }
}
