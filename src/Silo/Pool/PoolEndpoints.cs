using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Pool;

/// <summary>The pool: figures, parameters, pause and resume.</summary>
public static class PoolEndpoints
{
    public static void MapPool(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/pool/stats", async (PoolOverview overview, CancellationToken cancellationToken) => await overview.Stats(cancellationToken))
            .Requires(Permission.Public).WithSummary("The pool's public figures.");
        routes.MapGet("/api/v1/pool/parameters", Parameters).Requires(Permission.Public).WithSummary("The pool's parameters.");
        routes.MapPost("/api/v1/pool/pause", (ReasonBody body, HttpContext context, IGrainFactory grains, PoolSettings settings, PoolOverview overview) =>
            Switch(context, grains, settings, overview, pool => pool.Pause(body.Checked()))).Requires(Permission.Pause).WithSummary("Stops new work at once.");
        routes.MapPost("/api/v1/pool/resume", (HttpContext context, IGrainFactory grains, PoolSettings settings, PoolOverview overview) =>
            Switch(context, grains, settings, overview, pool => pool.Resume())).Requires(Permission.Operate).WithSummary("Takes up work again.");
        routes.MapMaintenance();
        routes.MapProposals();
    }

    /// <summary>Brings the pool into another state, with the one before in the audit log.</summary>
    internal static async Task<object> Switch(HttpContext context, IGrainFactory grains, PoolSettings settings, PoolOverview overview, Func<IPoolGrain, Task<Outcome>> command)
    {
        var pool = grains.GetGrain<IPoolGrain>(settings.Id);
        if (await pool.Describe() is { } before)
            context.Audit(before: new { before.State, before.StateReason });
        (await command(pool)).OrThrow();
        return await overview.Stats(context.RequestAborted);
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
