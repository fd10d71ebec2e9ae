namespace CocoonPool.Client.Launcher.Pool;

/// <summary>How many silos one machine's pool may have, by its grain engine.</summary>
public static class SiloCount
{
    /// <summary>More than this many processes of one pool on one machine only take each other's cores.</summary>
    public const int Most = 8;

    public const string Orleans = "orleans";

    /// <summary>Why this many cannot be started, or null.</summary>
    public static string? Mistake(string engine, int silos) => silos switch
    {
        < 1 or > Most => $"--silos {silos}: 1 to {Most}.",
        > 1 when !string.Equals(engine, Orleans, StringComparison.Ordinal) =>
            $"--silos {silos}: the local engine runs in one process and forms no cluster; add --engine {Orleans}, or leave --silos out.",
        _ => null,
    };
}
