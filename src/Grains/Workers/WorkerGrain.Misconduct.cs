using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Workers;

// Receipts that convict their worker, on their way to a slash.
public sealed partial class WorkerGrain
{
    private async Task ReportConflicts(List<Contribution> accepted, IReadOnlyList<ContributionResult> results)
    {
        for (var i = 0; i < accepted.Count; i++)
        {
            if (results[i] != ContributionResult.Conflict)
                continue;
            var sent = accepted[i];
            var recorded = (await contributions.Proven(PoolId, sent.Receipt.TaskId)).FirstOrDefault(other => other.AssignedAt == sent.AssignedAt);

            // Two workers that were given one task in the same millisecond contradict each other, and neither contradicts itself.
            if (recorded?.Recorded.Worker == Id)
                await Report([ReceiptMisconduct.Conflict(sent, recorded.Recorded)]);
        }
    }

    private async Task Report(IEnumerable<MisconductReport> reports)
    {
        foreach (var report in reports)
        {
            await misconduct.File(PoolId, report);
            LogMisconduct(Id.Value, report.Id);
        }
    }
}
