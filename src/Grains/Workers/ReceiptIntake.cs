using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Workers;

/// <summary>Takes a worker's signed batch apart: which receipts count and for how much, and which are refused and why.</summary>
internal sealed class ReceiptIntake(
    string poolId, WorkerId worker, WorkerRegistration registration, PoolParameters parameters, long targetLatencyMs, AssignmentTickets tickets, ObservedTasks observed)
{
    /// <summary>The largest batch under one signature.</summary>
    private const int MaxBatch = 256;

    private readonly List<MisconductReport> _overstated = [];

    /// <summary>What was taken from the sum for each task that nobody remembers by itself.</summary>
    private readonly Dictionary<TaskId, long> _claimed = [];

    /// <summary>What was found while checking and cannot be true.</summary>
    public IReadOnlyList<MisconductReport> Overstated => _overstated;

    /// <summary>Receipts that were left undecided because their tasks end after now.</summary>
    public int Ahead { get; private set; }

    public static ReceiptAnswer RefuseAll(SignedReceipts batch, string code, string message) =>
        new([], [.. batch.Receipts.Select(r => new RefusedReceipt(Receipt.TryParse(r.Canonical, out var receipt, out _) ? receipt.TaskId.Value : "", code, message))]);

    public (List<Contribution> Accepted, List<RefusedReceipt> Refused) Check(SignedReceipts batch, DateTimeOffset now)
    {
        if (batch.Receipts.Length is 0 or > MaxBatch)
            return ([], [.. RefuseAll(batch, "batch_size", $"A batch has 1 to {MaxBatch} receipts.").Refused]);
        if (ReceiptSignature.Open(batch, registration.PublicKey) is not { } tree)
            return ([], [.. RefuseAll(batch, "bad_signature", "The signature does not fit the worker's registered key and these receipts.").Refused]);
        var accepted = new List<Contribution>();
        var refused = new List<RefusedReceipt>();
        for (var i = 0; i < batch.Receipts.Length; i++)
        {
            if (CheckOne(batch, tree, i, now, out var contribution) is { } refusal)
                refused.Add(refusal);
            else if (contribution is not null)
                accepted.Add(contribution);
        }
        return (accepted, refused);
    }

    public ReceiptAnswer Answer(IReadOnlyList<Contribution> accepted, IReadOnlyList<ContributionResult> results, List<RefusedReceipt> refused)
    {
        var acknowledged = new List<string>();
        for (var i = 0; i < accepted.Count; i++)
        {
            var task = accepted[i].Receipt.TaskId;
            if (results[i] != ContributionResult.Recorded && _claimed.Remove(task, out var claimed))
                observed.Claim(-claimed);
            switch (results[i])
            {
                case ContributionResult.Conflict:
                    refused.Add(new(task.Value, "receipt_conflict", "Another receipt with this task id is recorded; the case was reported."));
                    break;
                case ContributionResult.Expired:
                    refused.Add(new(task.Value, "receipt_expired", "The task is older than the receipts that the pool keeps; it was recorded in its time or not at all."));
                    break;
                case ContributionResult.Busy:
                    // In neither list: the worker keeps it and sends it again later, more rarely the longer this goes on.
                    break;
                default:
                    acknowledged.Add(task.Value);
                    observed.Forget(task);
                    break;
            }
        }
        return new([.. acknowledged], [.. refused]);
    }

    /// <summary>Takes what is credited from the sum of what was seen, at once: the next receipt of this batch must not be credited the same.</summary>
    private void Claim(Contribution contribution, long tokens)
    {
        observed.Claim(tokens);
        _claimed[contribution.Receipt.TaskId] = tokens;
    }

    /// <summary>
    /// A refusal; or null and the contribution; or null and none while nothing is decided, so that the worker sends it again: the task
    /// has not ended here yet, or ends in a future that only a wrong clock can know of.
    /// </summary>
    private RefusedReceipt? CheckOne(SignedReceipts batch, MerkleLevels tree, int index, DateTimeOffset now, out Contribution? contribution)
    {
        contribution = null;
        var submitted = batch.Receipts[index];
        if (!Receipt.TryParse(submitted.Canonical, out var receipt, out var problem))
            return new("", problem, "The receipt is not in canonical form; see docs/worker-protocol.md.");
        var task = receipt.TaskId;
        if (receipt.Worker != worker || receipt.Participant != registration.Participant)
            return new(task.Value, "wrong_worker", "The receipt names another worker or participant than the one that sends it.");
        if (tickets.Read(submitted.Ticket, poolId, task, worker, receipt.Model) is not { } assignment)
            return new(task.Value, "not_assigned", "The ticket does not prove that the pool assigned this task and model to this worker.");
        if (observed.IsRunning(task))
            return null;
        var observation = observed.Find(task, assignment.AssignedAt);
        var verdict = ReceiptCheck.Check(receipt, assignment, observation, parameters.Multipliers, registration.Coefficient, targetLatencyMs, now);
        if (verdict is { Refusal: not null, IsFinal: false })
        {
            Ahead++;
            return null;
        }
        if (verdict.Refusal is not null)
            return new(task.Value, verdict.Refusal, verdict.Message);
        contribution = new(
            receipt with { Outcome = verdict.Outcome, StartedAt = verdict.Moment.StartedAt, EndedAt = verdict.Moment.EndedAt }, assignment.AssignedAt, verdict.Credited, verdict.AdjustedTokens, verdict.QualityPpm, verdict.Flagged,
            submitted.Canonical, batch.Root, batch.Signature, ReceiptSignature.InclusionProof(tree, index), now);
        if (observation is { IsOwn: false })
            Claim(contribution, verdict.Credited.Completion);
        if (ReceiptCheck.IsOverstated(receipt, observation))
            _overstated.Add(ReceiptMisconduct.Overstated(contribution, observation!.CompletionTokens));
        return null;
    }
}
