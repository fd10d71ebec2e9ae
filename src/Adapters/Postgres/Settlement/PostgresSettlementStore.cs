using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <inheritdoc cref="ISettlementStore"/>
public sealed partial class PostgresSettlementStore(NpgsqlDataSource database) : ISettlementStore
{
    public Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var planned = await transaction.Execute(
                """
                insert into settlements (pool_id, epoch, total, fee, payout_count, merkle_root, bundle_hash, claim_from)
                values (@poolId, @epoch, @total, @fee, @count, @merkleRoot, @bundleHash, @ClaimFrom) on conflict do nothing
                """,
                new
                {
                    poolId, epoch = plan.Epoch.Value, total = plan.Total.Value, fee = plan.Fee.Value, count = plan.PayoutCount,
                    merkleRoot = plan.MerkleRoot, bundleHash = plan.BundleHash, plan.ClaimFrom,
                },
                cancellationToken);
            if (planned == 0)
                return;
            await SettlementPlanRows.InsertMessages(transaction, poolId, plan.Epoch, plan.Messages, cancellationToken);
            await SettlementPlanRows.InsertPayouts(transaction, poolId, plan, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, reservations, cancellationToken);
        },
        cancellationToken);

    public Task SaveSignature(
        string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, bool inDoubt = false, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var saved = await transaction.Execute(
                    """
                    update settlement_messages set phase = 1, boc = @boc, message_hash = @messageHash, seqno = @Seqno, valid_until = @ValidUntil, attempts = attempts + 1,
                        signer = @signer, in_doubt = in_doubt or @inDoubt
                    where pool_id = @poolId and epoch = @epoch and index = @index and phase < 2
                    """,
                    new { poolId, epoch = epoch.Value, index, boc, messageHash, signature.Seqno, signature.ValidUntil, signer = signature.Signer?.ToString(), inDoubt }, cancellationToken);
                if (saved != 1)
                    throw new InvalidOperationException($"Message {index} of epoch {epoch} is not waiting for a signature; nothing was stored and nothing may be sent.");
            },
            cancellationToken);

    public Task Confirm(
        string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var key = new { poolId, epoch = epoch.Value, index, transactionHash, networkFee = networkFee.Value };
                var confirmed = await transaction.Execute(
                    """
                    update settlement_messages set phase = 2, transaction_hash = @transactionHash, network_fee = @networkFee, confirmed_at = now()
                    where pool_id = @poolId and epoch = @epoch and index = @index and phase < 2
                    """, key, cancellationToken);
                if (confirmed != 1)
                    return;
                await transaction.Execute("update settlement_payouts set held = 2 where pool_id = @poolId and epoch = @epoch and batch = @index and held = 1", key, cancellationToken);
                await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
            },
            cancellationToken);

    public Task Regroup(string poolId, EpochNumber epoch, BatchRegrouping regrouping, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var replaced = await transaction.Execute(
                    "update settlement_messages set phase = 3 where pool_id = @poolId and epoch = @epoch and index = @index and phase < 2",
                    new { poolId, epoch = epoch.Value, index = regrouping.Replaced.Index }, cancellationToken);
                if (replaced != 1)
                    return;
                await SettlementPlanRows.InsertMessages(transaction, poolId, epoch,
                    [.. regrouping.Batches.Select(SettlementMessage.Planned), .. regrouping.Releases.Select(SettlementMessage.Planned)], cancellationToken);
                await SettlementPlanRows.MoveToBatches(transaction, poolId, epoch, regrouping.Batches, cancellationToken);
                await SettlementPlanRows.Hold(transaction, poolId, epoch, regrouping.Held, cancellationToken);
                await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
            },
            cancellationToken);

    public async Task<bool> Release(string poolId, EpochNumber epoch, IReadOnlyList<PlannedRelease> releases, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SettlementPlanRows.InsertMessages(transaction, poolId, epoch, [.. releases.Select(SettlementMessage.Planned)], cancellationToken);
        foreach (var release in releases)
        {
            // One that another call has released already: this plan is out of date, and leaving without a commit undoes all of it.
            if (await SettlementPlanRows.BeginRelease(transaction, poolId, epoch, release, cancellationToken) != release.Entries.Length)
                return false;
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public Task BookClaim(string poolId, EpochNumber epoch, int index, string transactionHash, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var booked = await transaction.Execute(
                    """
                    update settlement_payouts set held = 3, batch = coalesce(batch, -1), claim_transaction = @transactionHash, claimed_at = now()
                    where pool_id = @poolId and epoch = @epoch and payout_index = @index and held < 3
                    """,
                    new { poolId, epoch = epoch.Value, index, transactionHash }, cancellationToken);
                if (booked == 1)
                    await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
            },
            cancellationToken);

    public Task SetAlert(string poolId, EpochNumber epoch, SettlementAlert? alert, CancellationToken cancellationToken = default) => database.Execute(
        "update settlements set alert_code = @code, alert = @text, alerted_since = @since where pool_id = @poolId and epoch = @epoch",
        new { poolId, epoch = epoch.Value, code = alert?.Code, text = alert?.Text, since = alert?.Since.UtcDateTime }, cancellationToken);
}
