namespace CocoonPool.Client.Launcher;

/// <summary>Something a person can act on: the message says what happened and what to do. Shown without a stack; exit code 1.</summary>
public class LauncherException : Exception
{
    public LauncherException(string message) : base(message)
    {
    }

    public LauncherException(string message, Exception inner) : base(message, inner)
    {
    }
}
