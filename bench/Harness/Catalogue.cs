namespace CocoonPool.Bench.Harness;

/// <summary>All benchmarks of this program.</summary>
public static class Catalogue
{
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        .. typeof(Catalogue).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
            .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
            .OrderBy(benchmark => benchmark.Room, StringComparer.Ordinal).ThenBy(benchmark => benchmark.Name, StringComparer.Ordinal),
    ];

    /// <summary>Those that are named, or whose room is; all when nothing is named. Names that nothing has come back too.</summary>
    public static (IReadOnlyList<IBenchmark> Selected, IReadOnlyList<string> Unknown) Select(IReadOnlyList<IBenchmark> all, IReadOnlyList<string> names)
    {
        return names.Count == 0
            ? (all, [])
            : ([.. all.Where(benchmark => names.Any(name => Is(benchmark, name)))], [.. names.Where(name => !all.Any(benchmark => Is(benchmark, name)))]);

        static bool Is(IBenchmark benchmark, string name) =>
            string.Equals(benchmark.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(benchmark.Room, name, StringComparison.OrdinalIgnoreCase);
    }
}
