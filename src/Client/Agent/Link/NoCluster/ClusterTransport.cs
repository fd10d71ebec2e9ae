using CocoonPool.Client.Agent.Configuration;

namespace CocoonPool.Client.Agent.Link;

/// <summary>This agent was built for the local engine, which forms no cluster to be a client of.</summary>
internal static class ClusterTransport
{
    /// <summary>Why <c>transport: orleans</c> cannot be used.</summary>
    public static string? Unavailable => "this agent is built for the local engine and cannot be an Orleans client; use websocket, or an agent built with --engine orleans.";

    public static IPoolTransport Of(ClusterSection cluster) => throw new InvalidOperationException($"{cluster}: {Unavailable}");
}
