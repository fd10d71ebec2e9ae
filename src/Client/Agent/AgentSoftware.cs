namespace CocoonPool.Client.Agent;

/// <summary>What the agent calls itself.</summary>
internal static class AgentSoftware
{
    public static string Version { get; } = typeof(AgentSoftware).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static string Name { get; } = $"cocoon-worker/{Version}";
}
