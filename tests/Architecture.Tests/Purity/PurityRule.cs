using CocoonPool.Architecture.Tests.Metadata;

namespace CocoonPool.Architecture.Tests.Purity;

/// <summary>The Domain decides from its arguments alone: it reads no clock, draws nothing at random, waits for nothing and touches nothing outside.</summary>
internal static class PurityRule
{
    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable",
    ];

    private static readonly string[] ForbiddenTypes =
    [
        "System.TimeProvider", "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.Diagnostics.Stopwatch", "System.Console",
    ];

    private static readonly string[] ForbiddenNamespaces = ["System.Threading.", "System.IO.", "System.Net.", "System.Diagnostics.Process"];

    public static IEnumerable<string> Violations(IEnumerable<Use> uses) => uses
        .Where(use => use.Kind switch
        {
            UseKind.Member => ForbiddenMembers.Contains(use.What, StringComparer.Ordinal),
            UseKind.Type => ForbiddenTypes.Contains(use.What, StringComparer.Ordinal)
                || ForbiddenNamespaces.Any(space => use.What.StartsWith(space, StringComparison.Ordinal)),
            _ => false,
        })
        .Select(use => $"{use.Owner}.{use.Member} uses {use.What}.")
        .Distinct(StringComparer.Ordinal);
}
