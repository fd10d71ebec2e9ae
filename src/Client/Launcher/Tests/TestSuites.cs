using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Tests;

/// <summary>Finds every suite of the checkout: the .NET projects under tests/, the contracts, and the console.</summary>
public static class TestSuites
{
    /// <summary>Projects under tests/ that tests are built on.</summary>
    private static readonly string[] Kits = ["TestKit", "Simulation", "Chaos"];
    private static readonly string[] OnBothEngines = ["Engine.Contract", "Grains.Tests", "Agent.Tests"];

    public static IReadOnlyList<TestSuite> Of(Checkout checkout)
    {
        var projects = Directory.EnumerateFiles(Path.Combine(checkout.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Where(name => !Kits.Contains(name, StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Dotnet(checkout, name));
        var suites = projects.ToList();
        // The suites that promise the same on both engines run on the other one too, where it could be built.
        if (checkout.ForOrleans() is { } orleans && !string.Equals(orleans.Artifacts, checkout.Artifacts, StringComparison.Ordinal))
            suites.AddRange(OnBothEngines.Select(name => Dotnet(orleans, name) with { Name = $"{name} on Orleans" }));
        if (File.Exists(Path.Combine(checkout.Contracts, "package.json")))
            suites.Add(Node(checkout));
        if (File.Exists(Path.Combine(checkout.ConsoleProject, "package.json")))
            suites.Add(Vitest(checkout));
        return suites;
    }

    private static TestSuite Dotnet(Checkout checkout, string project)
    {
        var output = Path.Combine(checkout.Artifacts, project, "debug");
        return new TestSuite(
            project,
            checkout.Root,
            (report, test) =>
            [
                "dotnet", Program(output), "-noLogo", "-noColor", "-noAutoReporters", "-xml", report, .. test is null ? (string[])[] : ["-method", $"*{test}*"],
            ],
            XunitReport.Parse);
    }

    /// <summary>The one assembly in the output that can be started; a project that was not built is named by what is missing.</summary>
    private static string Program(string output)
    {
        var program = Directory.Exists(output)
            ? Directory.EnumerateFiles(output, "CocoonPool.*.runtimeconfig.json").FirstOrDefault()
            : null;
        return program is null ? Path.Combine(output, "not built") : program.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal);
    }

    private static TestSuite Node(Checkout checkout) =>
        new("contracts", checkout.Contracts, (_, _) => ["npm", "run", "--silent", "test:junit"], JunitReport.Parse)
        {
            Environment = report => new Dictionary<string, string>(StringComparer.Ordinal) { ["JUNIT_REPORT"] = report },
        };

    private static TestSuite Vitest(Checkout checkout) =>
        new(
            "console",
            checkout.ConsoleProject,
            (report, test) =>
            [
                "npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=junit", "--outputFile.junit=" + report,
                .. test is null ? (string[])[] : ["-t", test],
            ],
            JunitReport.Parse);
}
