using System.Xml.Linq;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>Reads xUnit's own XML (the runner's <c>-xml</c>): unlike the JUnit form it also tells of errors outside any test.</summary>
public static class XunitReport
{
    public static SuiteResult Parse(string xml) => ReportDocument.Read(xml, Read);

    private static SuiteResult Read(XDocument document)
    {
        var tests = document.Descendants("test").ToList();
        var failures = tests.Where(test => Is(test, "Fail"))
            .Select(test => new TestFailure((string?)test.Attribute("name") ?? "?", Detail(test.Element("failure"))))
            .Concat(document.Descendants("error").Select(error =>
                new TestFailure((string?)error.Attribute("name") ?? (string?)error.Attribute("type") ?? "error outside a test", Detail(error.Element("failure")))))
            .ToList();
        return new SuiteResult(tests.Count(test => Is(test, "Pass")), failures.Count, tests.Count(test => Is(test, "Skip")), failures);
    }

    private static bool Is(XElement test, string result) => string.Equals((string?)test.Attribute("result"), result, StringComparison.Ordinal);

    private static string Detail(XElement? failure) =>
        string.Join('\n', new[] { failure?.Element("message")?.Value.Trim(), failure?.Element("stack-trace")?.Value.Trim() }
            .Where(part => !string.IsNullOrEmpty(part)));
}
