using System.Diagnostics;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using Npgsql;

namespace CocoonPool.Silo.Admin;

/// <summary>Liveness and readiness.</summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", (TimeProvider time) => new { status = "HEALTHY", timestamp = time.GetUtcNow() }).Requires(Permission.Public).WithSummary("The process is alive.");
        routes.MapGet("/ready", Ready).Requires(Permission.Public).WithSummary("Database, engine and chain gateway, each with its latency.");
    }

    private static async Task<IResult> Ready(NpgsqlDataSource database, IGrainFactory grains, IChainGateway chain, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var checks = await Task.WhenAll(
            Check("database", async stop =>
            {
                await using var command = database.CreateCommand("select 1");
                await command.ExecuteScalarAsync(stop);
            }, "PostgreSQL does not answer."),
            Check("engine", stop => grains.GetGrain<IPoolGrain>(settings.Id).Terms().WaitAsync(stop), "The grain engine does not answer."),
            Check("chain_gateway", async stop =>
            {
                if (!(await chain.Health(stop)).Ok)
                    throw new InvalidOperationException("not ok");
            }, "The chain gateway does not answer or lags behind."));
        var healthy = checks.All(c => c.Healthy);
        var body = new { status = healthy ? "HEALTHY" : "UNHEALTHY", checks, timestamp = time.GetUtcNow() };
        return Results.Json(body, ApiJson.Options, statusCode: healthy ? 200 : 503);

        async Task<ServiceCheck> Check(string service, Func<CancellationToken, Task> run, string error)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(Patience);
            var start = Stopwatch.GetTimestamp();
            try
            {
                await run(stop.Token);
                return new(service, true, Stopwatch.GetElapsedTime(start).TotalMilliseconds, null);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                return new(service, false, Stopwatch.GetElapsedTime(start).TotalMilliseconds, error);
            }
        }
    }

    private sealed record ServiceCheck(string Service, bool Healthy, double LatencyMs, string? Error);
}
