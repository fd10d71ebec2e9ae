namespace CocoonPool.Client.Launcher.Demo;

/// <summary>What the silo of a demo does in minutes instead of days.</summary>
public static class DemoSettings
{
    public static IReadOnlyDictionary<string, string> Of(DemoOptions options) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Pool__Name"] = "Demo pool",
        ["Pool__EpochGrace"] = "00:00:00",
        ["Pool__HeartbeatInterval"] = "00:00:01",
        // Generous: the whole pool shares one small machine here, and a late heartbeat earns nothing.
        ["Pool__HeartbeatTimeout"] = "00:00:15",
        ["Pool__MinPayoutNano"] = "50000000",
        ["Chain__PollInterval"] = "00:00:00.300",
        // One key asks for everything here, as fast as it can.
        ["RateLimits__InferencePerMinute"] = "100000",
        ["RateLimits__QueriesPerMinute"] = "100000",
        ["RateLimits__AdminPerMinute"] = "100000",
        ["Orleans__WorkerClients"] = options.GrainCalls ? "true" : "false",
        ["Settlement__BatchSize"] = $"{options.BatchSize}",
    };
}
