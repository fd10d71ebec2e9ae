namespace CocoonPool.Client.Admin;

/// <summary>How the program ends, for the programs that start it.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The pool refused, something is unhealthy, or what was compared differs.</summary>
    public const int Refused = 1;

    /// <summary>The command line, the key or a file that it names is not usable; the pool was not asked.</summary>
    public const int Usage = 2;

    /// <summary>No pool answered.</summary>
    public const int Unreachable = 3;
}
