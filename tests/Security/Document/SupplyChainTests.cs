using System.Text.Json;
using System.Xml.Linq;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Security.Tests.Document;

/// <summary>What is built from is what was looked at: every package has one version, and its content is known before it is fetched.</summary>
public sealed class SupplyChainTests
{
    private static readonly string Root = Checkout.Find().Root;
    private static readonly string[] Sources = ["src", "tests", "bench"];

    [Fact]
    public void EveryProject_HasALockFile() =>
        Sources.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Where(project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))).ShouldBeEmpty();

    [Fact]
    public void EveryPackage_HasOneExactVersion()
    {
        var versions = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Version")!.Value).ToList();

        versions.Count.ShouldBeGreaterThan(10);
        versions.Where(v => v != "$(OrleansVersion)" && !v.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("contracts")]
    [InlineData("src/Console")]
    [InlineData("docs/examples")]
    [InlineData("tests/EndToEnd.Tests/openai-client")]
    public void EveryScriptPackage_IsKnownByItsHash(string folder)
    {
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, folder, "package-lock.json")));

        locked.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0 && !(p.Value.TryGetProperty("integrity", out var hash) && hash.GetString()!.StartsWith("sha512-", StringComparison.Ordinal)))
            .Select(p => p.Name).ShouldBeEmpty();
    }
}
