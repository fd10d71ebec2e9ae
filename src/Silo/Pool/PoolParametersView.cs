using CocoonPool.Domain.Pool;

namespace CocoonPool.Silo.Pool;

/// <summary>A change of parameters as the API shows it: what it leaves as it is, is null.</summary>
public static class PoolParametersView
{
    public static object Of(ParameterChange change) => new
    {
        change.FeeBps,
        stakeTiersNano = change.StakeTiers,
        change.MaxParticipants,
        epochDurationSeconds = (long?)change.EpochDuration?.TotalSeconds,
        parameterTimelockSeconds = (long?)change.ParameterTimelock?.TotalSeconds,
        withdrawalDelaySeconds = (long?)change.WithdrawalDelay?.TotalSeconds,
        heartbeatIntervalMs = (long?)change.HeartbeatInterval?.TotalMilliseconds,
        heartbeatTimeoutMs = (long?)change.HeartbeatTimeout?.TotalMilliseconds,
        change.MinUptimeBps,
        minPayoutNano = change.MinPayout,
        weightsBps = change.Weights is { } w ? new { tokens = w.TokensBps, uptime = w.UptimeBps, tasks = w.TasksBps, quality = w.QualityBps } : null,
        change.MaxConcentrationBps,
        change.EnforceConcentration,
        tokenMultipliers = change.Multipliers is { } m ? new { m.Prompt, m.Cached, m.Completion, m.Reasoning } : null,
    };
}
