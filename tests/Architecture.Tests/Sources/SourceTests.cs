namespace CocoonPool.Architecture.Tests.Sources;

public class SourceTests
{
    private static readonly SourceFile[] Files = [.. Repository.CSharpFiles()];

    [Fact]
    public void Repository_HasFilesToLookAt() => Files.Length.ShouldBeGreaterThan(50);

    [Fact]
    public void OnlyEngineFilesTheCompositionRootAndFixtures_CompileConditionally() => Files.SelectMany(SourceRules.ConditionalCompilation).ShouldBeEmpty();

    [Fact]
    public void Files_AreShortEnoughToRead() => Files.SelectMany(SourceRules.Length).ShouldBeEmpty();

    [Fact]
    public void Files_AreNamedForWhatTheyAreAbout() => Files.SelectMany(SourceRules.Names).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Grains/Pool/PoolGrain.cs", "#if ORLEANS")]
    [InlineData("src/Grains/Pool/PoolGrain.cs", "    # if DEBUG")]
    [InlineData("src/Silo/Api/Keys.cs", "#elif ORLEANS")]
    public void ConditionalCompilation_Elsewhere_IsReported(string path, string line) =>
        SourceRules.ConditionalCompilation(new(path, ["namespace X;", line])).ShouldHaveSingleItem().ShouldStartWith($"{path}:2 ");

    [Theory]
    [InlineData("src/Grains/Engine.cs")]
    [InlineData("src/Silo/Program.cs")]
    [InlineData("src/Silo/Hosting/Engine/SiloHosting.cs")]
    [InlineData("tests/TestKit/Cluster.cs")]
    [InlineData("tests/Engine.Contract/Host/EngineHost.Configure.cs")]
    [InlineData("bench/Engine/Host/EngineHost.Configure.cs")]
    public void ConditionalCompilation_InItsPlaces_IsAllowed(string path) =>
        SourceRules.ConditionalCompilation(new(path, ["#if ORLEANS", "#endif"])).ShouldBeEmpty();

    [Fact]
    public void Length_OverTheLimit_IsReported()
    {
        SourceRules.Length(new("src/A.cs", new string[300])).ShouldBeEmpty();
        SourceRules.Length(new("src/A.cs", new string[301])).ShouldHaveSingleItem().ShouldContain("301 lines");
    }

    [Theory]
    [InlineData("src/Grains/Utils/Dates.cs")]
    [InlineData("src/Common/Money.cs")]
    [InlineData("src/Grains/Pool/PoolHelper.cs")]
    [InlineData("src/Grains/Pool/PoolManager.cs")]
    public void Name_ThatSaysNothing_IsReported(string path) => SourceRules.Names(new(path, [])).ShouldHaveSingleItem();
}
