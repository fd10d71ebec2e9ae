using System.Collections.Immutable;
using CocoonPool.Engine.Deterministic;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>What somebody does. The meaning of the amount is the operation's own.</summary>
public enum OperationKind
{
    /// <summary>A participant joins; the amount is one more than the number of who brought them, or 0.</summary>
    Join,

    /// <summary>A participant sends so many TON of stake.</summary>
    Stake,

    /// <summary>A participant brings a worker with so many GPUs.</summary>
    AddWorker,

    /// <summary>Clients send a worker so many tasks, and their receipts follow.</summary>
    Serve,

    /// <summary>A worker's machine is away for so many hours.</summary>
    StayAway,

    /// <summary>A participant sets the smallest payout, in thousandths of a TON.</summary>
    SetMinPayout,

    /// <summary>A participant is to be paid elsewhere.</summary>
    SetPayoutAddress,

    /// <summary>0 every epoch, 1 at a threshold, 2 when claimed.</summary>
    SetSchedule,
    Claim,

    /// <summary>A participant asks so many TON of the stake back; 0 for all, and then changes their mind.</summary>
    Withdraw,

    /// <summary>So many TON come in from customers.</summary>
    Revenue,

    /// <summary>The operator closes the running epoch early.</summary>
    CloseEarly,

    /// <summary>The pool takes no work for so many hours.</summary>
    Pause,
    Maintain,

    /// <summary>Nothing is signed for the oldest settlement for so many hours.</summary>
    Freeze,

    /// <summary>A participant is slashed: 0 not appealed, 1 appealed and upheld, 2 appealed and voided, 3 voided at once.</summary>
    Slash,

    /// <summary>The operator proposes a fee of so many basis points.</summary>
    ProposeFee,

    /// <summary>The host stops in order and starts after so many minutes.</summary>
    Restart,

    /// <summary>The process dies and is started after so many minutes.</summary>
    Crash,

    /// <summary>
    /// The host stops and another version has written what is stored; for so many hours both write by turns, and then this version is
    /// alone again, as when an upgrade is taken back.
    /// </summary>
    Upgrade,

    /// <summary>The wall clock is set by so many seconds.</summary>
    SetClock,

    /// <summary>The chain cannot be reached for so many hours.</summary>
    ChainAway,

    /// <summary>So many TON leave the contract past the books, and are put back a day later.</summary>
    Underfund,
}

/// <param name="Actor">A participant's number; what the operator or the environment does has −1 or −2.</param>
public sealed record Operation(TimeSpan At, OperationKind Kind, int Actor, long Amount)
{
    public const int Operator = -1;
    public const int Environment = -2;

    public override string ToString() => $"{At:d\\.hh\\:mm} {(Actor switch { Operator => "operator", Environment => "environment", _ => $"participant {Actor}" })} {Kind} {Amount}";
}

/// <summary>How badly the chain treats what is sent to it: probabilities of each message.</summary>
public sealed record ChainTrouble(double LossRate, double DelayRate, double DoublingRate);

/// <summary>Everything that a seed decides beforehand. Whoever takes something out of it gets a smaller run of the same seed.</summary>
public sealed record Scenario(ulong Seed, Faults Faults, ChainTrouble Chain, ImmutableArray<Operation> Operations)
{
    /// <summary>A month, in which faults happen; the peace comes after it.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);
}
