using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Pool;

/// <summary>
/// The rules of a pool that its operator may change, each with its default. A change is proposed, waits
/// <see cref="ParameterTimelock"/> and is then applied. <see cref="Validate"/> knows the bounds.
/// </summary>
public sealed record PoolParameters
{
    private static readonly ImmutableArray<Nanotons> DefaultStakeTiers =
        [Nanotons.FromTon(100), Nanotons.FromTon(200), Nanotons.FromTon(400), Nanotons.FromTon(800)];

    public static PoolParameters Default { get; } = new();

    /// <summary>The operator's fee in basis points of an epoch's revenue, 0 to 1000.</summary>
    public int FeeBps { get; init; } = 500;

    /// <summary>The stake asked for 1-2, 3-4, 5-8 and 9 or more GPUs; each at least 1 TON and none below the one before it.</summary>
    public ImmutableArray<Nanotons> StakeTiers { get; init; } = DefaultStakeTiers;

    /// <summary>1 to 1,000,000.</summary>
    public int MaxParticipants { get; init; } = 100;

    /// <summary>1 minute (development) to 31 days. The default of 7 days runs from Monday 00:00 UTC to Monday 00:00 UTC.</summary>
    public TimeSpan EpochDuration { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a proposed change waits: 0 (development) to 30 days.</summary>
    public TimeSpan ParameterTimelock { get; init; } = TimeSpan.FromHours(72);

    /// <summary>From the request of a stake withdrawal to its completion: 0 (development) to 60 days.</summary>
    public TimeSpan WithdrawalDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often a worker reports; more than 0.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a silence a worker is inactive; at least twice the interval.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The uptime, in basis points of the epoch, under which a participant earns nothing in it; 0 to 10,000.</summary>
    public int MinUptimeBps { get; init; } = 5000;

    /// <summary>What a participant's payout must reach unless they chose another minimum; at least 0.05 TON.</summary>
    public Nanotons MinPayout { get; init; } = Nanotons.FromTon(1);

    /// <summary>How much tokens, uptime, tasks and quality count in a score.</summary>
    public ScoreWeights Weights { get; init; } = new(5000, 2000, 2000, 1000);

    /// <summary>The largest part of the pool's attested GPUs that one participant may bring, in basis points; 0 to 10,000.</summary>
    public int MaxConcentrationBps { get; init; } = 3000;

    /// <summary>Whether more than <see cref="MaxConcentrationBps"/> is refused rather than warned of.</summary>
    public bool EnforceConcentration { get; init; }

    /// <summary>How much each class of token counts.</summary>
    public TokenMultipliers Multipliers { get; init; } = new();

    /// <summary>The stake that so many attested GPUs ask for; nothing for none.</summary>
    public Nanotons RequiredStake(int gpus)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gpus);
        return gpus switch
        {
            0 => Nanotons.Zero,
            <= 2 => StakeTiers[0],
            <= 4 => StakeTiers[1],
            <= 8 => StakeTiers[2],
            _ => StakeTiers[3],
        };
    }

    /// <summary>Every mistake at once, in whole sentences that name the parameter, its bound and what to do. Empty when all is well.</summary>
    public IReadOnlyList<string> Validate() => PoolParametersValidator.Validate(this);
}
