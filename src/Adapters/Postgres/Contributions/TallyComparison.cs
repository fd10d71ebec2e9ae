using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using Dapper;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>
/// Adds an epoch up again from what was recorded and compares. The database only adds up per participant and outcome; which outcome
/// counts for what is decided by the same rule that kept the tallies.
/// </summary>
internal static class TallyComparison
{
    // One statement sees one moment: a batch that commits meanwhile is either in both sides or in neither.
    private const string Select =
        """
        select 'task' as "Source", participant as "Participant", outcome as "Outcome", count(*) as "Count",
            sum(adjusted_tokens)::text as "Adjusted", sum(adjusted_tokens::numeric * coalesce(quality_ppm, 0))::text as "Quality",
            sum(prompt_tokens)::text as "Prompt", sum(completion_tokens)::text as "Completion", '0' as "Gpu", 0::bigint as "Failed"
        from contributions where pool_id = @poolId and epoch = @epoch group by participant, outcome
        union all
        select 'uptime', participant, 0::smallint, 0, '0', '0', '0', '0', sum(gpu)::text, 0
        from (
            select participant, gpu_milliseconds as gpu from uptime_spans where pool_id = @poolId and epoch = @epoch
            union all
            select participant, extract(epoch from credited_until - since) * 1000 * gpus from uptime_marks where pool_id = @poolId and epoch = @epoch) spans
        group by participant
        union all
        select 'tally', participant, 0::smallint, tasks, adjusted_tokens::text, quality_tokens::text, prompt_tokens::text, completion_tokens::text,
            gpu_milliseconds::text, failed_tasks
        from epoch_tallies where pool_id = @poolId and epoch = @epoch
        """;

    /// <summary>Where the tallies differ, and what they lack per participant.</summary>
    public static async Task<(List<TallyDifference> Differences, TallyRows Corrections)> Read(
        NpgsqlTransaction transaction, string poolId, EpochNumber epoch, CancellationToken cancellationToken)
    {
        // Millions of rows take their time, and whoever asked waits for them.
        var rows = await transaction.Connection!.QueryAsync<Row>(
            new CommandDefinition(Select, new { poolId, epoch = epoch.Value }, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
        var differences = new List<TallyDifference>();
        var corrections = new TallyRows();
        foreach (var rowsOfOne in rows.GroupBy(row => row.Participant, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var participant = TonAddress.Parse(rowsOfOne.Key);
            var kept = Sum(rowsOfOne.Where(row => row.Source == "tally"));
            var recomputed = Sum(rowsOfOne.Where(row => row.Source != "tally"));
            corrections.Include(epoch, participant, recomputed - kept);
            differences.AddRange(Figures(kept).Zip(Figures(recomputed)).Where(pair => pair.First.Value != pair.Second.Value)
                .Select(pair => new TallyDifference(participant, pair.First.Name, pair.First.Value, pair.Second.Value)));
        }

        return (differences, corrections);
    }

    private static TallyIncrement Sum(IEnumerable<Row> rows) => rows.Aggregate(default(TallyIncrement), (sum, row) => sum + Increment(row));

    private static TallyIncrement Increment(Row row) => row.Source switch
    {
        "uptime" => TallyIncrement.OfUptime(TallyRows.Integer(Whole(row.Gpu))),
        "task" => TallyIncrement.Of(
            (TaskOutcome)row.Outcome, row.Count, TallyRows.Integer(row.Adjusted), TallyRows.Integer(row.Quality), TallyRows.Integer(row.Prompt), TallyRows.Integer(row.Completion)),
        _ => new(TallyRows.Integer(row.Adjusted), TallyRows.Integer(row.Gpu), row.Count, row.Failed, TallyRows.Integer(row.Quality), TallyRows.Integer(row.Prompt), TallyRows.Integer(row.Completion)),
    };

    /// <summary>Seconds times a thousand keep their decimals in text, all of them zeros.</summary>
    private static string Whole(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private static IEnumerable<(string Name, BigInteger Value)> Figures(TallyIncrement tally) =>
    [
        ("adjusted_tokens", tally.AdjustedTokens), ("gpu_milliseconds", tally.GpuMilliseconds), ("tasks", tally.Tasks), ("failed_tasks", tally.FailedTasks),
        ("quality_tokens", tally.QualityTokens), ("prompt_tokens", tally.PromptTokens), ("completion_tokens", tally.CompletionTokens),
    ];

    private sealed record Row(
        string Source, string Participant, short Outcome, long Count, string Adjusted, string Quality, string Prompt, string Completion, string Gpu, long Failed);
}
