namespace CocoonPool.Client.Launcher.Demo;

/// <summary>The demo's questions: one per line, in a fixed order, so that two runs ask the same.</summary>
public static class Prompts
{
    public static IReadOnlyList<string> Load()
    {
        using var stream = typeof(Prompts).Assembly.GetManifestResourceStream("prompts.txt")
            ?? throw new InvalidOperationException("prompts.txt is not part of this build.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
