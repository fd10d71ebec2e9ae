using CocoonPool.Client.Launcher.Tests;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Reports;

public sealed class TestSuiteTests : IDisposable
{
    private const string Good = """<assemblies><assembly><collection><test name=\"A\" result=\"Pass\"/></collection></assembly></assemblies>""";
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task SuiteThatPasses_IsGood() => (await Run($"echo \"{Good}\" >\"$0\"")).ShouldSatisfyAllConditions(
        result => result.IsGood.ShouldBeTrue(), result => result.Passed.ShouldBe(1));

    [Fact]
    public async Task SuiteThatCrashesWithoutAReport_CountsAsOneFailure()
    {
        var result = await Run("kill -SEGV $$");
        result.IsGood.ShouldBeFalse();
        result.NotRun.ShouldBe("it ended with exit code 139 and no report");

        var summary = new TestSummary();
        summary.Add("good", new(5, 0, 1, []), TimeSpan.FromSeconds(1));
        summary.Add("crashed", result, TimeSpan.FromSeconds(1));
        summary.ClosingLine.ShouldBe("5 passed, 1 failed, 1 skipped");
        summary.IsGood.ShouldBeFalse();
        summary.Bad.Select(bad => bad.Suite).ShouldBe(["crashed"]);
    }

    [Fact]
    public async Task SuiteThatFailsAfterAGoodReport_IsNotGood() =>
        (await Run($"echo \"{Good}\" >\"$0\"; exit 7")).NotRun.ShouldBe("it ended with exit code 7 although no test failed");

    [Fact]
    public async Task ReportOfAnEarlierRun_DoesNotCount()
    {
        await File.WriteAllTextAsync(Path.Combine(_state.Directory.Logs, "suite.xml"), Good.Replace("\\", "", StringComparison.Ordinal));
        (await Run("exit 1")).NotRun.ShouldBe("it ended with exit code 1 and no report");
    }

    [Fact]
    public void RunWithoutAnyTest_IsNotGood() => new TestSummary().IsGood.ShouldBeFalse();

    [Theory]
    [InlineData(null, 2, null)]
    [InlineData("domain", 1, null)]
    [InlineData("Settle", 2, "Settle")]
    public void Filter_SelectsSuitesByTheirName_ElseTests(string? filter, int suites, string? test)
    {
        var selected = TestRun.Select([Suite("Domain.Tests", "true"), Suite("Grains.Tests", "true")], filter);
        selected.Suites.Count.ShouldBe(suites);
        selected.Test.ShouldBe(test);
    }

    private async Task<SuiteResult> Run(string script) => (await Suite("suite", script).Run(
        _state.Directory.Logs, null, new Dictionary<string, string>(), TestContext.Current.CancellationToken)).Result;

    private static TestSuite Suite(string name, string script) => new(name, "/", (report, _) => ["sh", "-c", script, report], XunitReport.Parse);
}
