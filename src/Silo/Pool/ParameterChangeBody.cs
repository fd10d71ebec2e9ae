using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Silo.Pool;

/// <summary>The parameters under the names of <c>GET /api/v1/pool/parameters</c>; what is left out stays.</summary>
public sealed record ParameterChangeBody(
    int? FeeBps = null,
    Nanotons[]? StakeTiersNano = null,
    int? MaxParticipants = null,
    long? EpochDurationSeconds = null,
    long? ParameterTimelockSeconds = null,
    long? WithdrawalDelaySeconds = null,
    long? HeartbeatIntervalMs = null,
    long? HeartbeatTimeoutMs = null,
    int? MinUptimeBps = null,
    Nanotons? MinPayoutNano = null,
    ParameterChangeBody.WeightsBody? WeightsBps = null,
    int? MaxConcentrationBps = null,
    bool? EnforceConcentration = null,
    ParameterChangeBody.MultipliersBody? TokenMultipliers = null)
{
    public sealed record WeightsBody(int Tokens, int Uptime, int Tasks, int Quality);

    public sealed record MultipliersBody(int Prompt, int Cached, int Completion, int Reasoning);

    public ParameterChange ToChange() => new()
    {
        FeeBps = FeeBps,
        StakeTiers = StakeTiersNano?.ToImmutableArray(),
        MaxParticipants = MaxParticipants,
        EpochDuration = Seconds(EpochDurationSeconds),
        ParameterTimelock = Seconds(ParameterTimelockSeconds),
        WithdrawalDelay = Seconds(WithdrawalDelaySeconds),
        HeartbeatInterval = Milliseconds(HeartbeatIntervalMs),
        HeartbeatTimeout = Milliseconds(HeartbeatTimeoutMs),
        MinUptimeBps = MinUptimeBps,
        MinPayout = MinPayoutNano,
        Weights = WeightsBps is { } w ? new ScoreWeights(w.Tokens, w.Uptime, w.Tasks, w.Quality) : null,
        MaxConcentrationBps = MaxConcentrationBps,
        EnforceConcentration = EnforceConcentration,
        Multipliers = TokenMultipliers is { } m ? new TokenMultipliers(m.Prompt, m.Cached, m.Completion, m.Reasoning) : null,
    };

    // A year is beyond every bound and far from overflowing; the validator then names the bound.
    private static TimeSpan? Seconds(long? value) => Milliseconds(value is { } seconds ? Math.Clamp(seconds, -1, 31_536_000) * 1000 : null);

    private static TimeSpan? Milliseconds(long? value) => value is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, -1, 31_536_000_000)) : null;
}
