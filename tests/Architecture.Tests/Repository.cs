namespace CocoonPool.Architecture.Tests;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that people wrote, as a path relative to the root with forward slashes, and its lines.</summary>
    public static IEnumerable<SourceFile> CSharpFiles() =>
        from folder in (string[])["src", "tests", "bench"]
        where Directory.Exists(Path.Combine(Root, folder))
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "obj" or "bin" or "node_modules")
        orderby relative
        select new SourceFile(relative, File.ReadAllLines(path));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CocoonOrleans.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No folder above the tests holds CocoonOrleans.sln.");
        return folder;
    }
}

internal sealed record SourceFile(string Path, string[] Lines);
