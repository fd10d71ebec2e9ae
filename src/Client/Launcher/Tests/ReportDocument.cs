using System.Xml;
using System.Xml.Linq;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>A report as it was written, or the news that a runner died while writing it.</summary>
public static class ReportDocument
{
    public static SuiteResult Read(string xml, Func<XDocument, SuiteResult> read)
    {
        XDocument document;
        try
        {
            document = XDocument.Parse(xml);
        }
        catch (XmlException broken)
        {
            return SuiteResult.CouldNotRun($"its report is no XML: {broken.Message}");
        }

        return read(document);
    }
}
