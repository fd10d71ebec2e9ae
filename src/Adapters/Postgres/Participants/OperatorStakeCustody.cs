using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <summary>
/// Custody of stakes that lie in a plain wallet of the operator: what is to be paid is written down, the operator pays it and notes the
/// transaction. Stake contracts take this place when they hold the stakes.
/// </summary>
public sealed class OperatorStakeCustody(NpgsqlDataSource database, TimeProvider time) : IStakeCustody
{
    public async Task<string?> Release(string poolId, StakeRelease release, CancellationToken cancellationToken = default)
    {
        await database.Execute(
            """
            insert into stake_releases (pool_id, participant, withdrawal_id, recipient, amount, wanted_at)
            values (@poolId, @participant, @WithdrawalId, @recipient, @amount, @wantedAt) on conflict do nothing
            """,
            new { poolId, participant = release.Participant.ToString(), release.WithdrawalId, recipient = release.To.ToString(), amount = release.Amount.Value, wantedAt = release.WantedAt.UtcDateTime },
            cancellationToken);
        return (await database.Query<string?>("select transaction from stake_releases where pool_id = @poolId and participant = @participant and withdrawal_id = @WithdrawalId",
            new { poolId, participant = release.Participant.ToString(), release.WithdrawalId }, cancellationToken)).Single();
    }

    /// <summary>Notes the operator's payment. False when nothing of that name is to be paid, or another transaction is noted already.</summary>
    public async Task<bool> NotePayment(string poolId, TonAddress participant, string withdrawalId, string transaction, CancellationToken cancellationToken = default) =>
        await database.Execute(
            """
            update stake_releases set transaction = @transaction, paid_at = coalesce(paid_at, @now)
            where pool_id = @poolId and participant = @participant and withdrawal_id = @withdrawalId and coalesce(transaction, @transaction) = @transaction
            """,
            new { poolId, participant = participant.ToString(), withdrawalId, transaction, now = time.GetUtcNow().UtcDateTime }, cancellationToken) == 1;
}
