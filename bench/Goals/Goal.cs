using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Goals;

/// <summary>The figures that the pool has promised itself: the only place where a must or an aim is written.</summary>
public static class Goal
{
    public static readonly Row AddedLatency = new("gateway-added-latency-p50", "latency added by the gateway, p50, metering on", "ms", Better.Lower)
    {
        ComparedWith = "nginx as a bare proxy to the same back end (published: LiteLLM 4.34 ms, Bifrost 0.44 ms)",
        Must = [new(BoundOn.Ratio, BoundSense.AtMost, 3), new(BoundOn.Speed, BoundSense.Below, 1)],
        Aim = [new(BoundOn.Ratio, BoundSense.AtMost, 1.5)],
    };

    public static readonly Row FirstTokenMedian = new("gateway-first-token-p50", "time to first token added at 50 streams, p50", "ms", Better.Lower)
    {
        ComparedWith = "straight to the back end",
        Must = [new(BoundOn.Speed, BoundSense.AtMost, 1)],
        Aim = [new(BoundOn.Speed, BoundSense.AtMost, 0.5)],
    };

    public static readonly Row FirstTokenTail = new("gateway-first-token-p99", "time to first token added at 50 streams, p99", "ms", Better.Lower)
    {
        ComparedWith = "straight to the back end",
        Must = [new(BoundOn.Speed, BoundSense.AtMost, 3)],
        Aim = [new(BoundOn.Speed, BoundSense.AtMost, 1.5)],
    };

    public static readonly Row Throughput = new("gateway-throughput", "requests through gateway, agent and fake back end, ≥ 99.9 % successful", "requests/s", Better.Higher)
    {
        ComparedWith = "nginx as a bare proxy to the same back end",
        Must = [new(BoundOn.Ratio, BoundSense.AtLeast, 0.3)],
        Aim = [new(BoundOn.Ratio, BoundSense.AtLeast, 0.6)],
    };

    public static readonly Row Contributions = new("contribution-intake", "durable, deduplicated contributions", "contributions/s", Better.Higher)
    {
        ComparedWith = "raw COPY into the same table",
        Must = [new(BoundOn.Ratio, BoundSense.AtLeast, 0.3)],
        Aim = [new(BoundOn.Ratio, BoundSense.AtLeast, 0.6)],
    };

    public static readonly Row HotAccount = new("ledger-hot-account", "ledger transfers on one hot account, no deadlock", "transfers/s", Better.Higher)
    {
        ComparedWith = "PostgreSQL, one UPDATE per transfer, 8 clients",
        Must = [new(BoundOn.Ratio, BoundSense.AtLeast, 5)],
        Aim = [new(BoundOn.Ratio, BoundSense.AtLeast, 20)],
    };

    public static readonly Row CloseGrowth = new("epoch-close-growth", "epoch close with 10 M contributions, same participants", "s", Better.Lower)
    {
        ComparedWith = "epoch close with 10 k contributions",
        Must = [new(BoundOn.Ratio, BoundSense.AtMost, 1.1)],
        Aim = [new(BoundOn.Ratio, BoundSense.AtMost, 1.02)],
    };

    public static readonly Row CloseTime = new("epoch-close-large-time", "close of 100,000 participants with bundle and Merkle tree", "s", Better.Lower)
    {
        Must = [new(BoundOn.Speed, BoundSense.Below, 30)],
        Aim = [new(BoundOn.Speed, BoundSense.Below, 5)],
    };

    public static readonly Row CloseMemory = new("epoch-close-large-memory", "memory of that close", "MiB", Better.Lower)
    {
        Must = [new(BoundOn.Amount, BoundSense.Below, 1024)],
    };

    public static readonly Row Heartbeats = new("heartbeats-per-core", "heartbeats per core", "heartbeats/s", Better.Higher)
    {
        Must = [new(BoundOn.Speed, BoundSense.AtLeast, 10_000)],
        Aim = [new(BoundOn.Speed, BoundSense.AtLeast, 30_000)],
    };

    public static readonly Row NetworkFee = new("payout-network-fee", "network fee per payout at batches of 200, exactly once on chain", "TON", Better.Lower)
    {
        ComparedWith = "published: highload wallet v3 0.000643 TON, W5 0.000608 TON",
        Must = [new(BoundOn.Amount, BoundSense.AtMost, 0.005)],
        Aim = [new(BoundOn.Amount, BoundSense.AtMost, 0.001)],
    };

    public static readonly Row IdleWorker = new("worker-idle-memory", "memory per idle worker grain with its stream", "KiB", Better.Lower)
    {
        Must = [new(BoundOn.Amount, BoundSense.AtMost, 64)],
        Aim = [new(BoundOn.Amount, BoundSense.AtMost, 16)],
    };

    public static readonly Row Start = new("start-up", "start of ./cocoon up when built", "s", Better.Lower)
    {
        Must = [new(BoundOn.Speed, BoundSense.Below, 10)],
        Aim = [new(BoundOn.Speed, BoundSense.Below, 5)],
    };

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        AddedLatency, FirstTokenMedian, FirstTokenTail, Throughput, Contributions, HotAccount, CloseGrowth, CloseTime, CloseMemory,
        Heartbeats, NetworkFee, IdleWorker, Start,
    ];

    /// <summary>The promise behind a row of an older results file, or null when there is none.</summary>
    public static Row? Of(string key) => All.FirstOrDefault(row => string.Equals(row.Key, key, StringComparison.Ordinal));
}
