using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Pool;

/// <summary>
/// The parameters that a proposal sets; what is null stays as it is. Only the difference is proposed, so that two proposals for
/// different parameters do not undo one another.
/// </summary>
public sealed record ParameterChange
{
    public int? FeeBps { get; init; }
    public ImmutableArray<Nanotons>? StakeTiers { get; init; }
    public int? MaxParticipants { get; init; }
    public TimeSpan? EpochDuration { get; init; }
    public TimeSpan? ParameterTimelock { get; init; }
    public TimeSpan? WithdrawalDelay { get; init; }
    public TimeSpan? HeartbeatInterval { get; init; }
    public TimeSpan? HeartbeatTimeout { get; init; }
    public int? MinUptimeBps { get; init; }
    public Nanotons? MinPayout { get; init; }
    public ScoreWeights? Weights { get; init; }
    public int? MaxConcentrationBps { get; init; }
    public bool? EnforceConcentration { get; init; }
    public TokenMultipliers? Multipliers { get; init; }

    public PoolParameters ApplyTo(PoolParameters current) => current with
    {
        FeeBps = FeeBps ?? current.FeeBps,
        StakeTiers = StakeTiers ?? current.StakeTiers,
        MaxParticipants = MaxParticipants ?? current.MaxParticipants,
        EpochDuration = EpochDuration ?? current.EpochDuration,
        ParameterTimelock = ParameterTimelock ?? current.ParameterTimelock,
        WithdrawalDelay = WithdrawalDelay ?? current.WithdrawalDelay,
        HeartbeatInterval = HeartbeatInterval ?? current.HeartbeatInterval,
        HeartbeatTimeout = HeartbeatTimeout ?? current.HeartbeatTimeout,
        MinUptimeBps = MinUptimeBps ?? current.MinUptimeBps,
        MinPayout = MinPayout ?? current.MinPayout,
        Weights = Weights ?? current.Weights,
        MaxConcentrationBps = MaxConcentrationBps ?? current.MaxConcentrationBps,
        EnforceConcentration = EnforceConcentration ?? current.EnforceConcentration,
        Multipliers = Multipliers ?? current.Multipliers,
    };

    /// <summary>True when it would change nothing of these parameters.</summary>
    public bool IsEmptyFor(PoolParameters current)
    {
        // A record compares the tiers by their array; the copy with the old array in it differs only where a value does.
        var next = ApplyTo(current);
        return next.StakeTiers.AsSpan().SequenceEqual(current.StakeTiers.AsSpan()) && next with { StakeTiers = current.StakeTiers } == current;
    }
}
