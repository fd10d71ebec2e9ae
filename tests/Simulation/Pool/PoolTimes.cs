using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Workers;

namespace CocoonPool.PoolSimulation.Pool;

/// <summary>
/// The pool's times, stretched: a month in which everything happens every second would be millions of idle looks at the clock. What
/// matters is kept: what is shorter than what (a heartbeat than its time-out, a look at the chain than a signature's life).
/// </summary>
public static class PoolTimes
{
    public const string PoolId = "main";

    public static readonly TimeSpan ChainPoll = TimeSpan.FromMinutes(20);
    public static readonly TimeSpan SignatureLifetime = TimeSpan.FromMinutes(50);
    public static readonly TimeSpan Calendar = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Wake = TimeSpan.FromHours(1);
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Faults stop at the end of the month; after this time everything that was due must be done.</summary>
    public static readonly TimeSpan Peace = TimeSpan.FromDays(5);

    /// <summary>How long before the end of the peace something must have been due to count as stuck.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromDays(1);

    public static readonly PoolParameters Parameters = PoolParameters.Default with
    {
        EpochDuration = TimeSpan.FromHours(84),
        ParameterTimelock = TimeSpan.FromHours(24),
        WithdrawalDelay = TimeSpan.FromDays(2),
        HeartbeatInterval = TimeSpan.FromHours(1),
        HeartbeatTimeout = TimeSpan.FromHours(3),
        MinPayout = new(50_000_000),
        MinUptimeBps = 1000,
        StakeTiers = [Nanotons.FromTon(100), Nanotons.FromTon(200), Nanotons.FromTon(400), Nanotons.FromTon(800)],
        MaxConcentrationBps = 10_000,
    };

    public static AssignmentTickets Tickets { get; } = new(new byte[32]);
}
