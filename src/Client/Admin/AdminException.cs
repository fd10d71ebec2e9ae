namespace CocoonPool.Client.Admin;

/// <summary>An end with words for a person: what happened and what to do. Shown without a stack.</summary>
internal sealed class AdminException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode => exitCode;

    /// <summary>The API's own error body, for programs that asked for JSON.</summary>
    public string? Body { get; init; }
}
