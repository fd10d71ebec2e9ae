using System.Text.RegularExpressions;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Security.Tests.Document;

/// <summary>docs/security.md says which test shows which control. It is held to that.</summary>
public sealed partial class ThreatTableTests
{
    private static readonly string Root = Checkout.Find().Root;
    private static readonly string Document = File.ReadAllText(Path.Combine(Root, "docs", "security.md"));

    [Fact]
    public void EveryThreat_HasAControlAndATest()
    {
        var rows = Threats();

        rows.Select(r => r.Kind).Distinct().Order().ShouldBe(["D", "E", "I", "R", "S", "T"]);
        rows.Where(r => r.Control.Length == 0 || !Named().IsMatch(r.ShownBy)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryTestThatIsNamed_IsThere()
    {
        var missing = Threats().SelectMany(r => Named().Matches(r.ShownBy)).Select(m => (Name: m.Groups["name"].Value, Suite: m.Groups["suite"] is { Success: true } suite ? suite.Value : null))
            .Distinct().Where(test => !Exists(test.Name, test.Suite)).ToList();

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void EveryTestOfThisSuite_ShowsSomethingThatIsWrittenThere()
    {
        var unnamed = Directory.EnumerateFiles(Path.Combine(Root, "tests", "Security"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)
            .Where(name => !Document.Contains($"`{name}`", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        unnamed.ShouldBeEmpty();
    }

    /// <param name="suite">Null for this one, or for one that the row names in its own words.</param>
    private static bool Exists(string name, string? suite) =>
        Directory.EnumerateFiles(suite is null ? Path.Combine(Root, "tests") : Path.Combine(Root, "tests", suite), $"{name}.cs", SearchOption.AllDirectories).Any();

    private static List<(string Kind, string Control, string ShownBy)> Threats() =>
    [
        .. Document[Document.IndexOf("## Threats", StringComparison.Ordinal)..].Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells is [_, { Length: 1 }, _, _, _, _]).Select(cells => (cells[1], cells[3], cells[4])),
    ];

    /// <summary>A class in backticks, and its suite in brackets where it is another one.</summary>
    [GeneratedRegex(@"`(?<name>[A-Z]\w+)`(?: \((?<suite>[A-Z]\w+\.Tests)\))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
