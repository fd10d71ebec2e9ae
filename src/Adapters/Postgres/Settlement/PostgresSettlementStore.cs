using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <inheritdoc cref="ISettlementStore"/>
public sealed class PostgresSettlementStore(NpgsqlDataSource database) : ISettlementStore
{
    public async Task<StoredSettlement?> Find(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        var key = new { poolId, epoch = epoch.Value };
        var head = (await database.Query<HeadRow>(
            """select total, fee, payout_count as "PayoutCount", merkle_root as "MerkleRoot", bundle_hash as "BundleHash" from settlements where pool_id = @poolId and epoch = @epoch""",
            key, cancellationToken)).SingleOrDefault();
        if (head is null)
            return null;
        var payouts = (await database.Query<PayoutRow>(
            """select payout_index as "Index", batch, participant, payout_address as "PayoutAddress", amount from settlement_payouts where pool_id = @poolId and epoch = @epoch order by payout_index""",
            key, cancellationToken)).ToLookup(row => row.Batch, row => new Payable(row.Index, TonAddress.Parse(row.Participant), TonAddress.Parse(row.PayoutAddress), new(row.Amount)));
        var messages = await database.Query<MessageRow>(
            """
            select index, phase, list_hash as "ListHash", total, boc, message_hash as "MessageHash", seqno, valid_until as "ValidUntil",
                   attempts, transaction_hash as "TransactionHash", network_fee as "NetworkFee"
            from settlement_messages where pool_id = @poolId and epoch = @epoch order by index
            """, key, cancellationToken);
        return new(epoch, new(head.Total), new(head.Fee), head.PayoutCount, head.MerkleRoot, head.BundleHash, [.. messages.Select(row => new SettlementMessage(
            row.Index, (MessagePhase)row.Phase, row.ListHash, new(row.Total), [.. payouts[row.Index]], row.Boc, row.MessageHash,
            row.Seqno is { } seqno ? new(seqno, row.ValidUntil!.Value) : null, row.Attempts, row.TransactionHash, new(row.NetworkFee)))]);
    }

    public Task FreezePlan(string poolId, StoredSettlement plan, IReadOnlyList<Transfer> reservations, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var planned = await transaction.Execute(
                """
                insert into settlements (pool_id, epoch, total, fee, payout_count, merkle_root, bundle_hash)
                values (@poolId, @epoch, @total, @fee, @count, @merkleRoot, @bundleHash) on conflict do nothing
                """,
                new
                {
                    poolId, epoch = plan.Epoch.Value, total = plan.Total.Value, fee = plan.Fee.Value, count = plan.PayoutCount,
                    merkleRoot = plan.MerkleRoot, bundleHash = plan.BundleHash,
                },
                cancellationToken);
            if (planned == 0)
                return;
            await InsertMessages(transaction, poolId, plan, cancellationToken);
            await InsertPayouts(transaction, poolId, plan, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, reservations, cancellationToken);
        },
        cancellationToken);

    public Task SaveSignature(string poolId, EpochNumber epoch, int index, string boc, string messageHash, LiveSignature signature, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var saved = await transaction.Execute(
                    """
                    update settlement_messages set phase = 1, boc = @boc, message_hash = @messageHash, seqno = @seqno, valid_until = @validUntil, attempts = attempts + 1
                    where pool_id = @poolId and epoch = @epoch and index = @index and phase < 2
                    """,
                    new { poolId, epoch = epoch.Value, index, boc, messageHash, seqno = signature.Seqno, validUntil = signature.ValidUntil }, cancellationToken);
                if (saved != 1)
                    throw new InvalidOperationException($"Message {index} of epoch {epoch} is not waiting for a signature; nothing was stored and nothing may be sent.");
            },
            cancellationToken);

    public Task Confirm(
        string poolId, EpochNumber epoch, int index, string? transactionHash, Nanotons networkFee, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var confirmed = await transaction.Execute(
                    """
                    update settlement_messages set phase = 2, transaction_hash = @transactionHash, network_fee = @networkFee, confirmed_at = now()
                    where pool_id = @poolId and epoch = @epoch and index = @index and phase < 2
                    """,
                    new { poolId, epoch = epoch.Value, index, transactionHash, networkFee = networkFee.Value }, cancellationToken);
                if (confirmed == 1)
                    await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, TonAddress? participant, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<ParticipantRow>(
                """
                select p.epoch, p.batch, p.participant, p.payout_address as "PayoutAddress", p.amount, m.phase, m.transaction_hash as "TransactionHash"
                from settlement_payouts p join settlement_messages m on m.pool_id = p.pool_id and m.epoch = p.epoch and m.index = p.batch
                where p.pool_id = @poolId and (@participant::text is null or p.participant = @participant)
                order by p.epoch desc, p.payout_index limit @limit
                """, new { poolId, participant = participant?.ToString(), limit }, cancellationToken))
            .Select(row => new ParticipantPayout(new(row.Epoch), row.Batch, TonAddress.Parse(row.Participant), TonAddress.Parse(row.PayoutAddress),
                new(row.Amount), (MessagePhase)row.Phase, row.TransactionHash))];

    private static Task<int> InsertMessages(NpgsqlTransaction transaction, string poolId, StoredSettlement plan, CancellationToken cancellationToken) => transaction.Execute(
        """
        insert into settlement_messages (pool_id, epoch, index, phase, list_hash, total)
        select @poolId, @epoch, i, 0, h, t from unnest(@indices, @hashes, @totals) as m (i, h, t)
        """,
        new
        {
            poolId, epoch = plan.Epoch.Value,
            indices = plan.Messages.Select(m => m.Index).ToArray(),
            hashes = plan.Messages.Select(m => m.ListHash).ToArray(),
            totals = plan.Messages.Select(m => m.Total.Value).ToArray(),
        },
        cancellationToken);

    private static Task<int> InsertPayouts(NpgsqlTransaction transaction, string poolId, StoredSettlement plan, CancellationToken cancellationToken)
    {
        var entries = plan.Messages.SelectMany(m => m.Entries.Select(e => (Batch: m.Index, Entry: e))).ToList();
        return transaction.Execute(
            """
            insert into settlement_payouts (pool_id, epoch, payout_index, batch, participant, payout_address, amount)
            select @poolId, @epoch, * from unnest(@indices, @batches, @participants, @addresses, @amounts)
            """,
            new
            {
                poolId, epoch = plan.Epoch.Value,
                indices = entries.Select(e => e.Entry.Index).ToArray(),
                batches = entries.Select(e => e.Batch).ToArray(),
                participants = entries.Select(e => e.Entry.Participant.ToString()).ToArray(),
                addresses = entries.Select(e => e.Entry.PayoutAddress.ToString()).ToArray(),
                amounts = entries.Select(e => e.Entry.Amount.Value).ToArray(),
            },
            cancellationToken);
    }

    private sealed record HeadRow(long Total, long Fee, int PayoutCount, byte[] MerkleRoot, byte[] BundleHash);

    private sealed record PayoutRow(int Index, int Batch, string Participant, string PayoutAddress, long Amount);

    private sealed record MessageRow(
        int Index, short Phase, byte[] ListHash, long Total, string? Boc, string? MessageHash, long? Seqno, long? ValidUntil, int Attempts, string? TransactionHash, long NetworkFee);

    private sealed record ParticipantRow(int Epoch, int Batch, string Participant, string PayoutAddress, long Amount, short Phase, string? TransactionHash);
}
