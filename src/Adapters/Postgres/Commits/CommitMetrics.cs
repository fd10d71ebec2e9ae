using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CocoonPool.Adapters.Postgres.Commits;

/// <summary>What the writers of contributions and of the ledger measure: the meter <c>CocoonPool</c> of this process, seconds and counts.</summary>
internal static class CommitMetrics
{
    private static readonly Meter Meter = new("CocoonPool");
    private static readonly Counter<long> Recorded = Meter.CreateCounter<long>(
        "contributions_recorded", description: "Contributions that became durable; what was known already is not counted again.");
    private static readonly Counter<long> Transfers = Meter.CreateCounter<long>(
        "ledger_transfers", description: "Lines written to the ledger, also within steps that were rolled back afterwards.");
    private static readonly Histogram<double> Latency = Meter.CreateHistogram<double>(
        "commit_latency", "s", "From the beginning of a group's transaction to its commit, by writer.");

    public static void ContributionsRecorded(long count) => Recorded.Add(count);

    public static void TransfersWritten(long count) => Transfers.Add(count);

    /// <summary>Measures a group that was committed. One that failed is tried again, and its wait shows in what its senders are told.</summary>
    /// <param name="writer"><c>contributions</c> or <c>ledger</c>.</param>
    public static async Task<T> Measure<T>(string writer, Func<Task<T>> commit)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await commit();
        Latency.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("writer", writer));
        return result;
    }
}
