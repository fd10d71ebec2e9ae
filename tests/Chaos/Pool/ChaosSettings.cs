namespace CocoonPool.Chaos.Pool;

/// <summary>A silo that lives fast: what takes weeks elsewhere takes seconds here, in the same order of what is longer than what.</summary>
public static class ChaosSettings
{
    public const string Model = "chaos-model";

    /// <summary>The client whose requests are paid from a prepaid balance.</summary>
    public const string Client = "chaos";

    /// <summary>Payouts in one message: small, so that epochs have several messages to be interrupted between.</summary>
    public const int BatchSize = 2;

    public static readonly IReadOnlyDictionary<string, string> Silo = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Pool__Name"] = "Chaos pool",
        ["Pool__EpochGrace"] = "00:00:00",
        ["Pool__HeartbeatInterval"] = "00:00:01",
        ["Pool__HeartbeatTimeout"] = "00:00:10",
        ["Pool__MinPayoutNano"] = "50000000",
        ["Chain__PollInterval"] = "00:00:00.500",
        ["RateLimits__InferencePerMinute"] = "0",
        ["RateLimits__QueriesPerMinute"] = "0",
        ["RateLimits__AdminPerMinute"] = "0",
        ["Settlement__BatchSize"] = $"{BatchSize}",
        ["Settlement__SignatureLifetimeSeconds"] = "20",
        ["Inference__Models__0__Name"] = Model,
        ["Inference__Models__0__PromptPriceNano"] = "1000000",
        ["Inference__Models__0__CompletionPriceNano"] = "1000000",
        ["Metering__BlockLease"] = "00:00:20",
        ["Metering__IdleTime"] = "00:00:02",
    };
}
