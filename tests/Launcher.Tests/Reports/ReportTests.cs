using CocoonPool.Client.Launcher.Tests;

namespace CocoonPool.Launcher.Tests.Reports;

public class ReportTests
{
    [Fact]
    public void XunitReport_CountsAndNamesFailures()
    {
        var result = XunitReport.Parse(
            """
            <assemblies><assembly><errors/><collection>
              <test name="A.Passes" result="Pass"/>
              <test name="A.Fails" result="Fail"><failure><message>1 should be 2</message><stack-trace>at A</stack-trace></failure></test>
              <test name="A.Skips" result="Skip"/>
            </collection></assembly></assemblies>
            """);
        (result.Passed, result.Failed, result.Skipped, result.NotRun, result.IsGood).ShouldBe((1, 1, 1, null, false));
        result.Failures.Single().ShouldBe(new TestFailure("A.Fails", "1 should be 2\nat A"));
    }

    [Fact]
    public void XunitReport_ErrorOutsideAnyTest_IsAFailure()
    {
        var result = XunitReport.Parse(
            """<assemblies><assembly><errors><error type="assembly-cleanup" name="Fixture"><failure><message>port in use</message></failure></error></errors><collection><test name="A" result="Pass"/></collection></assembly></assemblies>""");
        result.IsGood.ShouldBeFalse();
        result.Failures.Single().ShouldBe(new TestFailure("Fixture", "port in use"));
    }

    [Fact]
    public void JunitReport_CountsAndNamesFailures_WithTheirSuites()
    {
        var result = JunitReport.Parse(
            """
            <testsuites><testsuite name="stake"><testcase name="opens"/><testsuite name="late">
              <testcase name="fails"><failure message="short">the whole story</failure></testcase>
              <testcase name="errs"><error message="boom"/></testcase>
              <testcase name="skips"><skipped/></testcase>
            </testsuite></testsuite></testsuites>
            """);
        (result.Passed, result.Failed, result.Skipped).ShouldBe((1, 2, 1));
        result.Failures.ShouldBe([new("stake › late › fails", "the whole story"), new("stake › late › errs", "boom")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<assemblies><assembly>")]
    public void ReportCutShort_IsASuiteThatDidNotRun(string xml)
    {
        XunitReport.Parse(xml).NotRun.ShouldNotBeNull();
        JunitReport.Parse(xml).NotRun.ShouldNotBeNull();
        XunitReport.Parse(xml).IsGood.ShouldBeFalse();
    }
}
