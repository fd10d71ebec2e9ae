namespace CocoonPool.Architecture.Tests.Sources;

/// <summary>The local engine is for one process and stays small enough to be read in an afternoon; clusters have Orleans.</summary>
public class EngineSizeTests
{
    private const string Engine = "src/Engine.Local/";

    /// <summary>About 2,500 lines that are neither blank nor comments. Before raising it, look for what is not the engine's business.</summary>
    private const int MostLines = 2600;

    [Fact]
    public void LocalEngine_StaysSmall()
    {
        var files = Repository.CSharpFiles().Where(f => f.Path.StartsWith(Engine, StringComparison.Ordinal)).ToList();

        files.Count.ShouldBeGreaterThan(20);
        files.Sum(f => f.Lines.Count(IsCode)).ShouldBeLessThanOrEqualTo(MostLines);
    }

    [Fact]
    public void LocalEngine_HasNoNetworking()
        => Repository.CSharpFiles().Where(f => f.Path.StartsWith(Engine, StringComparison.Ordinal))
            .SelectMany(f => f.Lines.Where(l => l.Contains("System.Net.Sockets", StringComparison.Ordinal) || l.Contains("System.Net.Http", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("", false)]
    [InlineData("    // why", false)]
    [InlineData("    /// <summary>What.</summary>", false)]
    [InlineData("    }", true)]
    public void Lines_ThatCount_AreNeitherBlankNorComments(string line, bool counts) => IsCode(line).ShouldBe(counts);

    private static bool IsCode(string line) => line.TrimStart() is { Length: > 0 } text && !text.StartsWith("//", StringComparison.Ordinal);
}
