namespace CocoonPool.Architecture.Tests.Sources;

/// <summary>Rules about the text of source files. Each takes one file and says what is wrong with it.</summary>
internal static class SourceRules
{
    private const int MaxLines = 300;

    /// <summary>Longer files that read better whole, each with the reason.</summary>
    private static readonly Dictionary<string, string> MayBeLong = new(StringComparer.Ordinal);

    private static readonly string[] EmptyWords = ["Utils", "Util", "Utilities", "Helpers", "Helper", "Managers", "Manager", "Common", "Misc"];

    /// <summary>One grain code for two engines: only these know which engine they are compiled for.</summary>
    public static IEnumerable<string> ConditionalCompilation(SourceFile file)
    {
        var mayChoose = file.Path.EndsWith("/Engine.cs", StringComparison.Ordinal)
            || file.Path is "src/Silo/Program.cs"
            || file.Path.StartsWith("src/Silo/Hosting/", StringComparison.Ordinal)
            || file.Path.StartsWith("tests/TestKit/", StringComparison.Ordinal)
            || ((file.Path.StartsWith("tests/", StringComparison.Ordinal) || file.Path.StartsWith("bench/", StringComparison.Ordinal)) && file.Path.Contains("/Host/", StringComparison.Ordinal));
        return mayChoose ? [] : file.Lines
            .Select((line, i) => (Text: line.TrimStart(), Number: i + 1))
            .Where(line => line.Text.StartsWith('#') && line.Text[1..].TrimStart() is var rest
                && (rest.StartsWith("if", StringComparison.Ordinal) || rest.StartsWith("elif", StringComparison.Ordinal)))
            .Select(line => $"{file.Path}:{line.Number} compiles conditionally; only Engine.cs, the composition root and test fixtures may.");
    }

    public static IEnumerable<string> Length(SourceFile file) =>
        file.Lines.Length <= MaxLines || MayBeLong.ContainsKey(file.Path)
            ? []
            : [$"{file.Path} has {file.Lines.Length} lines; past {MaxLines}, name the second idea and give it a file."];

    /// <summary>A name that says nothing gathers things that belong nowhere.</summary>
    public static IEnumerable<string> Names(SourceFile file)
    {
        var parts = file.Path[..^".cs".Length].Split('/', '.');
        return EmptyWords
            .Where(word => parts.Contains(word, StringComparer.Ordinal) || (word != "Common" && parts[^1].EndsWith(word, StringComparison.Ordinal)))
            .Take(1)
            .Select(word => $"{file.Path} is named '{word}'; name what it is about.");
    }
}
