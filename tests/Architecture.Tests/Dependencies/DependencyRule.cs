namespace CocoonPool.Architecture.Tests.Dependencies;

/// <summary>Dependencies point one way: Domain ← Grains.Interfaces ← Grains ← Adapters ← Silo. Here stands who may know whom.</summary>
internal static class DependencyRule
{
    /// <summary>What each product assembly may refer to among our own. One that is not listed may not exist.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["CocoonPool.Domain"] = [],
        ["CocoonPool.Engine.Local"] = [],
        ["CocoonPool.Engine.Deterministic"] = ["CocoonPool.Engine.Local"],
        ["CocoonPool.Verifier"] = [],
        ["CocoonPool.Grains.Interfaces"] = ["CocoonPool.Domain", "CocoonPool.Engine.Local"],
        ["CocoonPool.Grains"] = ["CocoonPool.Domain", "CocoonPool.Engine.Local", "CocoonPool.Grains.Interfaces"],
        ["CocoonPool.Adapters"] = ["CocoonPool.Domain", "CocoonPool.Engine.Local", "CocoonPool.Grains.Interfaces", "CocoonPool.Grains"],
        ["cocoon-silo"] = ["CocoonPool.Domain", "CocoonPool.Engine.Local", "CocoonPool.Grains.Interfaces", "CocoonPool.Grains", "CocoonPool.Adapters"],
        ["cocoon-worker"] = ["CocoonPool.Domain", "CocoonPool.Engine.Local", "CocoonPool.Grains.Interfaces"],
        ["cocoon-admin"] = ["CocoonPool.Verifier"],
        ["cocoon-launcher"] = ["CocoonPool.Verifier"],
    };

    /// <summary>Those that must run from the base library alone.</summary>
    private static readonly string[] BaseLibraryOnly = ["CocoonPool.Domain", "CocoonPool.Verifier"];

    public static bool IsOurs(string assembly) =>
        assembly.StartsWith("CocoonPool.", StringComparison.Ordinal) || assembly.StartsWith("cocoon-", StringComparison.Ordinal);

    public static IEnumerable<string> Violations(string assembly, IEnumerable<string> references)
    {
        if (!MayKnow.TryGetValue(assembly, out var allowed))
        {
            yield return $"{assembly} has no place in the dependency order; give it one.";
            yield break;
        }

        foreach (var reference in references)
        {
            if (IsOurs(reference) && !allowed.Contains(reference, StringComparer.Ordinal))
                yield return $"{assembly} must not know {reference}.";
            else if (!IsOurs(reference) && BaseLibraryOnly.Contains(assembly, StringComparer.Ordinal) && !IsBaseLibrary(reference))
                yield return $"{assembly} must not need {reference}: it runs from the base library alone.";
        }
    }

    private static bool IsBaseLibrary(string reference) =>
        reference is "System" or "mscorlib" or "netstandard" || reference.StartsWith("System.", StringComparison.Ordinal);
}
