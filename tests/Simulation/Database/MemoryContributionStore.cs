using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Contributions;

namespace CocoonPool.PoolSimulation.Database;

/// <summary>
/// Contributions and uptime. One object serves one life of the engine: uptime that is not durable yet waits in its memory, and is lost
/// with it, as it is in the silo.
/// </summary>
public class MemoryContributionStore(PoolDatabase database, StoreOperations operations, TimeProvider time) : IContributionStore, IContributionArchive
{
    private static readonly TimeSpan HeartbeatPatience = TimeSpan.FromSeconds(1);

    private readonly List<UptimeContribution> _journal = [];

    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    protected TimeProvider Time => time;

    public virtual async Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default) =>
        contributions.Count == 0 ? [] :
        await Patience.UntilCommitted(() => database.Commit(operations, "contributions", $"record {contributions[0].Receipt.TaskId}", () => Write(contributions)), time)
            ?? [.. contributions.Select(_ => ContributionResult.Busy)];

    public virtual async Task RecordUptime(string poolId, UptimeContribution uptime, CancellationToken cancellationToken = default)
    {
        _journal.Add(uptime);
        try
        {
            await Flush().WaitAsync(HeartbeatPatience, time, cancellationToken);
        }
        catch (Exception problem) when (problem is TimeoutException or SimulatedFaultException)
        {
            // It stays in the journal, and goes with the next heartbeat's.
        }
    }

    public Task<IReadOnlyList<RecordedReceipt>> Receipts(
        string poolId, TonAddress participant, int limit, (DateTimeOffset EndedAt, TaskId Task)? before = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    /// <summary>Nothing: no signatures are kept here, so a worker that sends a second receipt is refused and not accused.</summary>
    public Task<IReadOnlyList<ProvenReceipt>> Proven(string poolId, TaskId task, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ProvenReceipt>>([]);

    public Task<IReadOnlyList<EpochTally>> Tallies(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<EpochTally>>(operations, "contributions", $"tallies {epoch}", () =>
        [
            .. database.Tallies.Rows.Where(row => row.Key.Epoch == epoch.Value).Select(row => new EpochTally(
                new(row.Key.Participant, row.Value.AdjustedTokens, row.Value.GpuMilliseconds, row.Value.Tasks, row.Value.QualityTokens, row.Value.FailedTasks),
                (long)row.Value.PromptTokens, (long)row.Value.CompletionTokens)),
        ]);

    public Task<IReadOnlyList<TallyDifference>> CompareTallies(string poolId, EpochNumber epoch, bool repair, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");

    public Task Prepare(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<IReadOnlyList<ContributionMonth>> Months(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ContributionMonth>>([]);

    public Task<Retirement> Retire(DateTimeOffset before, CancellationToken cancellationToken = default) => Task.FromResult(new Retirement([], null));

    /// <summary>One transaction: rows and tallies together.</summary>
    protected virtual IReadOnlyList<ContributionResult> Write(IReadOnlyList<Contribution> contributions)
    {
        var results = new ContributionResult[contributions.Count];
        for (var i = 0; i < results.Length; i++)
        {
            if (Find(contributions[i]) is { } known)
            {
                results[i] = known.Canonical.AsSpan().SequenceEqual(contributions[i].Canonical) ? ContributionResult.Duplicate : ContributionResult.Conflict;
                continue;
            }

            var row = Add(contributions[i]);
            database.Tallies.Add(row.Epoch, row.Participant, row.Increment);
        }

        return results;
    }

    protected virtual ContributionRow? Find(Contribution contribution) =>
        database.ContributionKeys.GetValueOrDefault((contribution.Receipt.TaskId.Value, contribution.AssignedAt));

    protected virtual AssignedEpoch EpochOf(Contribution contribution) =>
        EpochAssignment.Of(contribution.Receipt.EndedAt, contribution.ArrivedAt, database.Epochs.Reaching(contribution.ArrivedAt));

    protected ContributionRow Add(Contribution contribution)
    {
        var (receipt, epoch) = (contribution.Receipt, EpochOf(contribution));
        var increment = TallyIncrement.Of(
            receipt.Outcome, 1, contribution.CreditedAdjustedTokens, (BigInteger)contribution.CreditedAdjustedTokens * (contribution.QualityPpm ?? 0),
            contribution.Credited.Prompt, contribution.Credited.Completion);
        var row = new ContributionRow(
            receipt.TaskId.Value, contribution.AssignedAt, receipt.Worker, receipt.Participant, epoch.Number.Value, epoch.Late, receipt.Outcome, contribution.Credited,
            contribution.Canonical, increment);
        database.Contributions.Add(row);
        database.ContributionKeys.TryAdd((row.Task, row.AssignedAt), row);
        return row;
    }

    /// <summary>Where an interval begins that was not credited before.</summary>
    protected virtual DateTimeOffset BeginOf(UptimeContribution interval) =>
        Uptime.BeginBeyond(database.UptimeMarks.TryGetValue(interval.Worker, out var mark) ? mark : null, interval.From);

    private async Task Flush()
    {
        var waiting = _journal.ToList();
        await database.Commit(operations, "uptime", $"record {waiting.Count}", () => Credit(waiting));

        // Another heartbeat may have written some of them too: the marks keep both from counting.
        _journal.RemoveAll(waiting.Contains);
    }

    private void Credit(List<UptimeContribution> intervals)
    {
        var epochs = database.Epochs.Reaching(intervals.Max(i => i.To));
        foreach (var interval in intervals)
        {
            foreach (var part in UptimeParts.Of(BeginOf(interval), interval.To, epochs))
            {
                database.Uptime.Add(new(interval.Worker, interval.Participant, part.Epoch.Value, interval.Gpus, part.From, part.To));
                database.UptimeMarks[interval.Worker] = new(part.To);
                database.Tallies.Add(part.Epoch.Value, interval.Participant, TallyIncrement.OfUptime(part.GpuMilliseconds(interval.Gpus)));
            }
        }
    }
}
