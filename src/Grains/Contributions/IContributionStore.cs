using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Contributions;

/// <summary>A receipt that passed all checks, with what the pool credits for it and the proof that lets anybody check the worker's signature.</summary>
/// <param name="AssignedAt">From the ticket: when the pool gave the task out. With the task's id it is the identity of the receipt.</param>
/// <param name="Credited">The tokens that count: the lower of what the worker claims and what the gateway saw.</param>
/// <param name="QualityPpm">Null when the task is neutral.</param>
/// <param name="Flagged">The claim was cut, its times are not the pool's, or nobody but the worker saw the task.</param>
public sealed record Contribution(
    Receipt Receipt,
    DateTimeOffset AssignedAt,
    TokenCounts Credited,
    long CreditedAdjustedTokens,
    int? QualityPpm,
    bool Flagged,
    byte[] Canonical,
    byte[] BatchRoot,
    byte[] BatchSignature,
    byte[] InclusionProof,
    DateTimeOffset ArrivedAt);

/// <summary>What became of one contribution.</summary>
public enum ContributionResult
{
    Recorded = 0,

    /// <summary>The same receipt had been recorded before; it counts once.</summary>
    Duplicate = 1,

    /// <summary>Another receipt with this task id is recorded already.</summary>
    Conflict = 2,

    /// <summary>Nothing is known of it yet: the database is slow or away, or too many wait already. Whoever sent it sends it again later.</summary>
    Busy = 3,

    /// <summary>The task was assigned before the oldest month that the pool still keeps; whether it was recorded cannot be told any more.</summary>
    Expired = 4,
}

/// <summary>Attested uptime of one worker over an interval, in whole milliseconds. What of it was credited before is not credited again.</summary>
public sealed record UptimeContribution(WorkerId Worker, TonAddress Participant, DateTimeOffset From, DateTimeOffset To, int Gpus);

/// <summary>A participant's tally of an epoch with the plain token counts that people like to see.</summary>
public sealed record EpochTally(ParticipantTally Tally, long PromptTokens, long CompletionTokens);

/// <summary>A receipt as the pool keeps it, with what was credited for it.</summary>
/// <param name="Late">Its epoch was closed when it came, so it counts in a later one.</param>
/// <param name="Flagged">The claim was cut, its times are not the pool's, or nobody but the worker saw the task.</param>
public sealed record RecordedReceipt(
    TaskId Task, WorkerId Worker, string Model, EpochNumber Epoch, bool Late, TaskOutcome Outcome, long PromptTokens, long CompletionTokens,
    long AdjustedTokens, int? QualityPpm, long LatencyMs, DateTimeOffset EndedAt, bool Flagged);

/// <summary>A recorded receipt as the worker sent it: everything that shows to anybody that the worker signed it.</summary>
/// <param name="AssignedAt">With the task it is the receipt's identity.</param>
/// <param name="Canonical">The bytes that are a leaf of the batch's tree.</param>
/// <param name="InclusionProof">See <c>ReceiptSignature.InclusionProof</c>.</param>
public sealed record ProvenReceipt(
    RecordedReceipt Recorded, TonAddress Participant, DateTimeOffset AssignedAt, byte[] Canonical, byte[] BatchRoot, byte[] BatchSignature, byte[] InclusionProof);

/// <summary>One figure of one participant that the tallies tell differently than the contributions and uptime spans behind them.</summary>
/// <param name="Figure">Such as <c>adjusted_tokens</c>.</param>
public sealed record TallyDifference(TonAddress Participant, string Figure, BigInteger Kept, BigInteger Recomputed);

/// <summary>
/// Makes contributions durable, once each, and keeps the tallies of the open epochs in the same database transaction. Concurrent calls
/// are committed together.
/// </summary>
public interface IContributionStore
{
    /// <summary>
    /// Answers after the commit, one result per contribution in their order; or <see cref="ContributionResult.Busy"/> for all of them
    /// when there was no commit in time. Such a batch may still be recorded later, and is then a duplicate when it comes again.
    /// </summary>
    Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the interval over: it is kept in memory, joined with the worker's next ones, until it is durable, so that a database that
    /// is away costs no worker its uptime. Answers after the commit, or after a second without one.
    /// </summary>
    Task RecordUptime(string poolId, UptimeContribution uptime, CancellationToken cancellationToken = default);

    /// <summary>A participant's newest receipts.</summary>
    /// <param name="before">Only those behind this one in the list: when its task ended, and its id.</param>
    Task<IReadOnlyList<RecordedReceipt>> Receipts(
        string poolId, TonAddress participant, int limit, (DateTimeOffset EndedAt, TaskId Task)? before = null, CancellationToken cancellationToken = default);

    /// <summary>What is recorded of a task, with the worker's signature; several when it was assigned more than once.</summary>
    Task<IReadOnlyList<ProvenReceipt>> Proven(string poolId, TaskId task, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<EpochTally>> Tallies(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds up an epoch's contributions and uptime again and answers where the tallies differ, seen in one moment; reads every
    /// contribution of the epoch.
    /// </summary>
    /// <param name="repair">Also sets the tallies right. Only while the epoch is open; the caller checks, and the intake goes on meanwhile.</param>
    Task<IReadOnlyList<TallyDifference>> CompareTallies(string poolId, EpochNumber epoch, bool repair, CancellationToken cancellationToken = default);
}
