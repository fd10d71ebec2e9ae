using CocoonPool.Domain.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <summary>What a participant contributed since joining. Numbers of any size are decimal text.</summary>
public sealed record AllTimeFigures(long Tasks, long FailedTasks, string AdjustedTokens, string GpuMilliseconds, long Earned);

/// <summary>Sums over all epochs of one participant: one row for each epoch, never the contributions themselves.</summary>
public sealed class ParticipantStatistics(NpgsqlDataSource database)
{
    public async Task<AllTimeFigures> Read(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        (await database.Query<AllTimeFigures>(
            """
            select coalesce(sum(tasks), 0)::bigint as "Tasks", coalesce(sum(failed_tasks), 0)::bigint as "FailedTasks",
                coalesce(sum(adjusted_tokens), 0)::text as "AdjustedTokens", coalesce(sum(gpu_milliseconds), 0)::text as "GpuMilliseconds",
                (select coalesce(sum(share + referral_bonus), 0)::bigint from epoch_shares where pool_id = @poolId and participant = @participant) as "Earned"
            from epoch_tallies where pool_id = @poolId and participant = @participant
            """,
            new { poolId, participant = participant.ToString() }, cancellationToken)).Single();
}
