using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <inheritdoc cref="IPayoutFreezes"/>
public sealed class PostgresPayoutFreezes(NpgsqlDataSource database) : IPayoutFreezes
{
    public async Task<bool> Freeze(string poolId, PayoutFreeze freeze, CancellationToken cancellationToken = default) => await database.Execute(
        """
        insert into payout_freezes (pool_id, participant, frozen_at, reason, frozen_by) values (@poolId, @participant, @at, @Reason, @By)
        on conflict (pool_id, participant) where lifted_at is null do nothing
        """,
        new { poolId, participant = freeze.Participant.ToString(), at = freeze.At.UtcDateTime, freeze.Reason, freeze.By }, cancellationToken) == 1;

    public async Task<bool> Lift(string poolId, TonAddress participant, string by, DateTimeOffset at, CancellationToken cancellationToken = default) => await database.Execute(
        "update payout_freezes set lifted_at = @at, lifted_by = @by where pool_id = @poolId and participant = @participant and lifted_at is null",
        new { poolId, participant = participant.ToString(), by, at = at.UtcDateTime }, cancellationToken) == 1;

    public async Task<IReadOnlyList<PayoutFreeze>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<(string Participant, string Reason, string By, DateTime At)>(
                "select participant, reason, frozen_by, frozen_at from payout_freezes where pool_id = @poolId and lifted_at is null order by frozen_at, participant",
                new { poolId }, cancellationToken))
            .Select(row => new PayoutFreeze(TonAddress.Parse(row.Participant), row.Reason, row.By, row.At.Utc()))];
}
