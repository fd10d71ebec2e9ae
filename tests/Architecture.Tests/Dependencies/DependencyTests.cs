using System.Reflection;
using System.Xml.Linq;

namespace CocoonPool.Architecture.Tests.Dependencies;

public class DependencyTests
{
    public static TheoryData<string> Assemblies =>
        ["CocoonPool.Domain", "CocoonPool.Verifier", "CocoonPool.Grains.Interfaces", "CocoonPool.Grains", "CocoonPool.Adapters", "cocoon-silo"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_AsCompiled_KnowsOnlyThoseBelowIt(string name) =>
        DependencyRule.Violations(name, References(name)).ShouldBeEmpty();

    [Fact]
    public void LocalEngine_AsCompiled_KnowsNothingOfThePool()
    {
        // With the other engine it is not part of the build, and then nothing of ours refers to it.
        var grains = Assembly.Load("CocoonPool.Grains.Interfaces").GetReferencedAssemblies();
        if (grains.Any(reference => reference.Name == "CocoonPool.Engine.Local"))
            DependencyRule.Violations("CocoonPool.Engine.Local", References("CocoonPool.Engine.Local")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_AsWritten_ReferencesOnlyThoseBelowIt(string project)
    {
        var path = Path.Combine(Repository.Root, project);
        var references = XDocument.Load(path).Descendants("ProjectReference")
            .Select(reference => AssemblyNameOf(Path.Combine(Path.GetDirectoryName(path)!, reference.Attribute("Include")!.Value.Replace('\\', '/'))));
        DependencyRule.Violations(AssemblyNameOf(path), references).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CocoonPool.Domain", "CocoonPool.Grains", "must not know")]
    [InlineData("CocoonPool.Domain", "Newtonsoft.Json", "base library alone")]
    [InlineData("CocoonPool.Verifier", "CocoonPool.Domain", "must not know")]
    [InlineData("CocoonPool.Verifier", "Microsoft.Extensions.Logging", "base library alone")]
    [InlineData("CocoonPool.Engine.Local", "CocoonPool.Grains.Interfaces", "must not know")]
    [InlineData("CocoonPool.Grains", "CocoonPool.Adapters", "must not know")]
    [InlineData("cocoon-admin", "CocoonPool.Domain", "must not know")]
    [InlineData("CocoonPool.Common", "System.Runtime", "no place")]
    public void Rule_ShownAnUpwardReference_ReportsIt(string assembly, string reference, string expected) =>
        DependencyRule.Violations(assembly, [reference]).ShouldHaveSingleItem().ShouldContain(expected);

    private static IEnumerable<string> References(string name) => Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static string AssemblyNameOf(string project) => XDocument.Load(project).Descendants("AssemblyName").Single().Value;
}
