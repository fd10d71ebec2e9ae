using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Workers;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;

namespace CocoonPool.PoolSimulation.Database;

/// <summary>
/// What PostgreSQL holds of a pool, in memory. One operation is one committed transaction: nothing is ever seen of a half of it, and it
/// outlives the engine that asked for it. Its rows are immutable records, so that whoever reads them holds a copy.
/// </summary>
public sealed class PoolDatabase
{
    public LedgerTable Ledger { get; } = new();

    public EpochTable Epochs { get; } = new();

    public TallyTable Tallies { get; } = new();

    /// <summary>Every contribution in the order of the commits.</summary>
    public List<ContributionRow> Contributions { get; } = [];

    /// <summary>The first contribution of each task: the primary key.</summary>
    public Dictionary<(string Task, DateTimeOffset AssignedAt), ContributionRow> ContributionKeys { get; } = [];

    /// <summary>How far each worker's uptime is credited.</summary>
    public Dictionary<WorkerId, UptimeMark> UptimeMarks { get; } = [];

    /// <summary>Every part of an interval that was credited, in the order of the commits.</summary>
    public List<UptimeRow> Uptime { get; } = [];

    public Dictionary<int, PublishedBundle> Bundles { get; } = [];

    /// <summary>How often each epoch's bundle was written.</summary>
    public Dictionary<int, int> BundleWrites { get; } = [];

    public Dictionary<int, IReadOnlyList<ShareRow>> Shares { get; } = [];

    public Dictionary<int, StoredSettlement> Settlements { get; } = [];

    public Dictionary<int, SettlementAlert> SettlementAlerts { get; } = [];

    public List<PayoutFreeze> PayoutFreezes { get; } = [];

    public Dictionary<string, long> Cursors { get; } = new(StringComparer.Ordinal);

    public HashSet<TonAddress> OperatorWallets { get; } = [];

    public SortedDictionary<TonAddress, ParticipantDescription> Participants { get; } = [];

    /// <summary>Changes that were announced and whose rows were not saved yet, by the revision announced.</summary>
    public SortedDictionary<TonAddress, long> ParticipantMarks { get; } = [];

    public SortedDictionary<string, long> WorkerMarks { get; } = new(StringComparer.Ordinal);

    public HashSet<TonAddress> Seats { get; } = [];

    public Dictionary<TonAddress, TonAddress> Referrals { get; } = [];

    public SortedDictionary<string, Slash> Slashes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<TonAddress, StakeAccountRow> StakeAccounts { get; } = [];

    /// <summary>In the order of the commits.</summary>
    public List<(TonAddress Participant, BookedMovement Booked)> StakeMovements { get; } = [];

    public SortedDictionary<string, StakeSignature> StakeSignatures { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, WorkerRow> Workers { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, (MisconductReport Report, string? Outcome)> Misconduct { get; } = new(StringComparer.Ordinal);

    /// <summary>What the grains wrote into the audit log, by operation.</summary>
    public Dictionary<string, AuditStep> AuditLines { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PoolEvent> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Called after every commit, before anybody hears of it.</summary>
    public Action Committed { get; set; } = () => { };

    /// <summary>Writes an event into the journal, inside the commit of what it tells of; one that is there already stays.</summary>
    public void Tell(PoolEvent happened)
    {
        EventKinds.MustFit(happened.Type, happened.Participant);
        Events.TryAdd(happened.Id, happened);
    }

    /// <summary>Reads in one moment.</summary>
    public static Task<T> Read<T>(StoreOperations operations, string store, string operation, Func<T> query) => operations.PerformAsync(store, operation, query);

    /// <summary>Changes in one transaction. The effect throws before its first change, or not at all.</summary>
    public Task<T> Commit<T>(StoreOperations operations, string store, string operation, Func<T> effect) => operations.PerformAsync(store, operation, () =>
    {
        var result = effect();
        Committed();
        return result;
    });

    /// <inheritdoc cref="Commit{T}"/>
    public Task Commit(StoreOperations operations, string store, string operation, Action effect) => Commit(operations, store, operation, () =>
    {
        effect();
        return true;
    });
}

/// <param name="Canonical">The receipt's bytes, which tell a repeat from a conflict.</param>
/// <param name="Increment">What it added to its participant's tally.</param>
public sealed record ContributionRow(
    string Task, DateTimeOffset AssignedAt, WorkerId Worker, TonAddress Participant, int Epoch, bool Late, TaskOutcome Outcome, TokenCounts Credited, byte[] Canonical, TallyIncrement Increment);

public sealed record UptimeRow(WorkerId Worker, TonAddress Participant, int Epoch, int Gpus, DateTimeOffset From, DateTimeOffset To);

public sealed record ShareRow(TonAddress Participant, long Share, long ReferralBonus, long Payable, int? PayableIndex, TonAddress PayoutAddress, bool ToClaim);

public sealed record WorkerRow(WorkerDescription Worker, DateTimeOffset? ActiveSince);
