using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <summary>Moves reputations inside somebody's transaction, so that each closing and each slash counts exactly once.</summary>
internal static class ReputationRows
{
    /// <summary>
    /// By the difference and not to the value: a slash that became final since the closing read the reputation is kept.
    /// </summary>
    public static Task Move(NpgsqlTransaction transaction, string poolId, IReadOnlyList<ParticipantResult> results, CancellationToken cancellationToken)
    {
        var moved = results.Where(r => r.Standing.ReputationAfter != r.Entrant.Reputation).ToList();
        return transaction.Execute(
            """
            update participants set reputation = least(@highest, greatest(@lowest, participants.reputation + change.by))
            from unnest(@addresses, @changes) as change (address, by)
            where participants.pool_id = @poolId and participants.address = change.address
            """,
            new
            {
                poolId,
                addresses = moved.Select(r => r.Entrant.Tally.Participant.ToString()).ToArray(),
                changes = moved.Select(r => r.Standing.ReputationAfter - r.Entrant.Reputation).ToArray(),
                lowest = Reputation.Lowest,
                highest = Reputation.Highest,
            },
            cancellationToken);
    }

    public static async Task Slash(NpgsqlTransaction transaction, string poolId, TonAddress participant, CancellationToken cancellationToken)
    {
        var who = new { poolId, address = participant.ToString() };
        var before = await transaction.Query<int>("select reputation from participants where pool_id = @poolId and address = @address for update", who, cancellationToken);
        foreach (var reputation in before)
        {
            await transaction.Execute("update participants set reputation = @after where pool_id = @poolId and address = @address",
                new { who.poolId, who.address, after = Reputation.AfterSlash(reputation) }, cancellationToken);
        }
    }
}
