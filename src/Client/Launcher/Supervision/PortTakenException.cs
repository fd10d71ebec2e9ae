namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>A service ended because somebody else had taken its port first.</summary>
public sealed class PortTakenException(string message) : LauncherException(message)
{
    /// <summary>Kestrel, Node and PostgreSQL all say it in the words of the system.</summary>
    public static bool IsToldBy(string log) => log.Contains("address already in use", StringComparison.OrdinalIgnoreCase);
}
