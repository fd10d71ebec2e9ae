using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CocoonPool.PoolSimulation.States;

/// <summary>
/// Grain states as each version of the pool has written them: <c>v1/NAME.json</c> and so on, with every member set. They are never edited.
/// A version that adds a member has a folder of its own with the states that it changed.
/// </summary>
public static class StoredPayloads
{
    private const string Prefix = "States/";

    /// <summary>By version and the state's name, such as <c>v1/worker</c>; the oldest first.</summary>
    public static ImmutableSortedDictionary<string, string> All { get; } = typeof(StoredPayloads).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(name => name[Prefix.Length..^".json".Length], Read, StringComparer.Ordinal);

    /// <summary>The payload's member names before the last version that added some; those of the only one when there is one.</summary>
    public static IReadOnlySet<string> MembersBefore(string state)
    {
        var versions = All.Where(payload => payload.Key.EndsWith($"/{state}", StringComparison.Ordinal)).Select(payload => payload.Value).ToList();
        return JsonNode.Parse(versions[Math.Max(0, versions.Count - 2)])!.AsObject().Select(member => member.Key).ToHashSet(StringComparer.Ordinal);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(StoredPayloads).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
