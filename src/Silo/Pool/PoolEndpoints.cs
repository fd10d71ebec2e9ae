using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Pool;

/// <summary>The pool: figures, parameters, pause and resume.</summary>
public static class PoolEndpoints
{
    public static void MapPool(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/pool/stats", async (PoolOverview overview, CancellationToken cancellationToken) => await overview.Stats(cancellationToken))
            .Requires(Permission.Public).WithSummary("The pool's public figures.");
        routes.MapGet("/api/v1/pool/parameters", Parameters).Requires(Permission.Public).WithSummary("The pool's parameters.");
        routes.MapPost("/api/v1/pool/pause", async (ReasonBody body, IGrainFactory grains, PoolSettings settings, PoolOverview overview, CancellationToken cancellationToken) =>
        {
            (await grains.GetGrain<IPoolGrain>(settings.Id).Pause(body.Checked())).OrThrow();
            return await overview.Stats(cancellationToken);
        }).Requires(Permission.Pause).WithSummary("Stops new work at once.");
        routes.MapPost("/api/v1/pool/resume", async (IGrainFactory grains, PoolSettings settings, PoolOverview overview, CancellationToken cancellationToken) =>
        {
            (await grains.GetGrain<IPoolGrain>(settings.Id).Resume()).OrThrow();
            return await overview.Stats(cancellationToken);
        }).Requires(Permission.Operate).WithSummary("Takes up work again.");
        routes.MapMaintenance();
        routes.MapProposals();
    }

    private static async Task<object> Parameters(IGrainFactory grains, PoolSettings settings)
    {
        var pool = await grains.GetGrain<IPoolGrain>(settings.Id).Describe() ?? throw ApiException.NotFound("The pool is not created yet.");
        var p = PoolParametersJson.Read(pool.Parameters);
        return new
        {
            p.FeeBps,
            stakeTiersNano = p.StakeTiers,
            p.MaxParticipants,
            epochDurationSeconds = (long)p.EpochDuration.TotalSeconds,
            parameterTimelockSeconds = (long)p.ParameterTimelock.TotalSeconds,
            withdrawalDelaySeconds = (long)p.WithdrawalDelay.TotalSeconds,
            heartbeatIntervalMs = (long)p.HeartbeatInterval.TotalMilliseconds,
            heartbeatTimeoutMs = (long)p.HeartbeatTimeout.TotalMilliseconds,
            p.MinUptimeBps,
            minPayoutNano = p.MinPayout,
            weightsBps = new { tokens = p.Weights.TokensBps, uptime = p.Weights.UptimeBps, tasks = p.Weights.TasksBps, quality = p.Weights.QualityBps },
            p.MaxConcentrationBps,
            p.EnforceConcentration,
            tokenMultipliers = new { p.Multipliers.Prompt, p.Multipliers.Cached, p.Multipliers.Completion, p.Multipliers.Reasoning },
            epochGraceSeconds = (long)pool.EpochGrace.TotalSeconds,
        };
    }
}
