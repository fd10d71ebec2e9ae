using System.CommandLine;
using CocoonPool.Client.Admin.Connection;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>status</c> and <c>health</c>: the pool as a whole. Both are public, so they work without a key.</summary>
internal static class PoolGroup
{
    public static Command Status(PoolCommands pool) => pool.Ask(
        "status", "The pool's figures: people, workers, the running epoch, money.", ["status", "status --url https://pool.example --json"], [],
        _ => PoolRequest.GetPublic($"/api/v1/pool/stats"),
        (stats, screen) => screen.Facts(
            ("pool", $"{stats["name"]} ({stats["id"]})"),
            ("state", stats["state"]),
            ("participants", $"{stats["participants.active"]} active of {stats["participants.total"]}"),
            ("workers", $"{stats["workers.active"]} active of {stats["workers.total"]}, {stats["gpus"]} GPUs"),
            ("epoch", $"{stats["current_epoch.number"]} ({stats["current_epoch.phase"]}), ends {stats["current_epoch.end"]}"),
            ("epoch revenue", stats.Ton("current_epoch.revenue_nano") + " TON"),
            ("epoch work", $"{stats["current_epoch.tasks"]} tasks, {stats["current_epoch.tokens"]} tokens, {stats["current_epoch.gpu_seconds"]} GPU-seconds"),
            ("last 24 h", $"{stats["performance.requests_24h"]} requests, {stats["performance.errors_24h"]} errors, "
                + $"p50 {stats.Whole("performance.p50_ms")} ms, p95 {stats.Whole("performance.p95_ms")} ms, p99 {stats.Whole("performance.p99_ms")} ms"),
            ("paid in all", stats.Ton("economics.paid_total_nano") + " TON"),
            ("staked in all", stats.Ton("economics.stake_total_nano") + " TON"),
            ("fee", stats["economics.fee_bps"] + " bps")));

    public static Command Health(PoolCommands pool) => pool.Ask(
        "health", "Database, engine and chain gateway, each with its latency; exit code 1 when one of them is not well.", ["health", "health --json"], [],
        // An unhealthy pool answers 503 with its checks: that is the answer, and not a refusal to give one.
        _ => PoolRequest.GetPublic($"/ready") with { AlsoAnswers = 503 },
        (ready, screen) =>
        {
            screen.Table(
                ["service", "healthy", "#latency, ms", "problem"],
                ready.List("checks").Select(check => new[] { check["service"], check["healthy"], check.Whole("latency_ms"), check["error"] }),
                "The pool named no checks.");
            screen.Verdict(ready.Is("status", "HEALTHY"), ready["status"]);
        },
        ready => ready.Is("status", "HEALTHY"));
}
