using System.Xml.Linq;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>Reads the JUnit XML that Node's test runner and vitest write.</summary>
public static class JunitReport
{
    public static SuiteResult Parse(string xml) => ReportDocument.Read(xml, Read);

    private static SuiteResult Read(XDocument document)
    {
        var cases = document.Descendants("testcase").ToList();
        var failures = cases.Where(HasFailed).Select(test => new TestFailure(Name(test), Detail(test))).ToList();
        var skipped = cases.Count(test => !HasFailed(test) && test.Element("skipped") is not null);
        return new SuiteResult(cases.Count - failures.Count - skipped, failures.Count, skipped, failures);
    }

    private static bool HasFailed(XElement test) => test.Element("failure") is not null || test.Element("error") is not null;

    /// <summary>The suites around a test are part of its name: "closes" alone says nothing.</summary>
    private static string Name(XElement test)
    {
        var suites = test.Ancestors("testsuite").Reverse().Select(suite => (string?)suite.Attribute("name"));
        return string.Join(" › ", suites.Append((string?)test.Attribute("name")).Where(part => !string.IsNullOrEmpty(part)));
    }

    private static string Detail(XElement test)
    {
        var failure = test.Element("failure") ?? test.Element("error")!;
        return failure.Value.Trim() is { Length: > 0 } text ? text : (string?)failure.Attribute("message") ?? "";
    }
}
