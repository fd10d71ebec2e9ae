using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Contributions;

/// <summary>A receipt that passed all checks, with what the pool credits for it and the proof that lets anybody check the worker's signature.</summary>
/// <param name="Credited">The tokens that count: the lower of what the worker claims and what the gateway saw.</param>
/// <param name="QualityPpm">Null when the task is neutral.</param>
/// <param name="Flagged">The worker claimed more than the gateway saw.</param>
public sealed record Contribution(
    Receipt Receipt,
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
}

/// <summary>Attested uptime of one worker over an interval that lies wholly after every interval credited before.</summary>
public sealed record UptimeContribution(WorkerId Worker, TonAddress Participant, DateTimeOffset From, DateTimeOffset To, long GpuMilliseconds);

/// <summary>A participant's tally of an epoch with the plain token counts that people like to see.</summary>
public sealed record EpochTally(ParticipantTally Tally, long PromptTokens, long CompletionTokens);

/// <summary>A receipt as the pool keeps it, with what was credited for it.</summary>
/// <param name="Late">Its epoch was closed when it came, so it counts in a later one.</param>
/// <param name="Flagged">The claim was cut, or nobody but the worker saw the task.</param>
public sealed record RecordedReceipt(
    TaskId Task, WorkerId Worker, string Model, EpochNumber Epoch, bool Late, TaskOutcome Outcome, long PromptTokens, long CompletionTokens,
    long AdjustedTokens, int? QualityPpm, long LatencyMs, DateTimeOffset EndedAt, bool Flagged);

/// <summary>
/// Makes contributions durable, once each, and keeps the tallies of the open epochs in the same database transaction. Every method
/// answers only after the commit; concurrent calls are committed together.
/// </summary>
public interface IContributionStore
{
    Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default);

    /// <summary>Credits the interval; one that starts before the worker's last credited end is ignored.</summary>
    Task RecordUptime(string poolId, UptimeContribution uptime, CancellationToken cancellationToken = default);

    /// <summary>Until when the worker's uptime is credited; null before the first credit.</summary>
    Task<DateTimeOffset?> UptimeCreditedUntil(string poolId, WorkerId worker, CancellationToken cancellationToken = default);

    /// <summary>A participant's newest receipts.</summary>
    Task<IReadOnlyList<RecordedReceipt>> Receipts(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<EpochTally>> Tallies(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default);
}
