using System.Data;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Reconciliation;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Reconciliation;

/// <inheritdoc cref="IReconciliationStore"/>
public sealed class PostgresReconciliationStore(NpgsqlDataSource database) : IReconciliationStore
{
    public async Task<IReadOnlyList<EpochNumber>> Epochs(string poolId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<int>(
                """
                select s.epoch from settlements s join epochs e on e.pool_id = s.pool_id and e.number = s.epoch
                where s.pool_id = @poolId and s.planned_at < @until and (
                    s.planned_at >= @from or e.phase < 4
                    or exists (select 1 from settlement_messages m where m.pool_id = s.pool_id and m.epoch = s.epoch and m.confirmed_at >= @from and m.confirmed_at < @until)
                    or exists (select 1 from settlement_payouts p where p.pool_id = s.pool_id and p.epoch = s.epoch and p.claimed_at >= @from and p.claimed_at < @until))
                order by s.epoch
                """, new { poolId, from = from.UtcDateTime, until = until.UtcDateTime }, cancellationToken)).Select(number => new EpochNumber(number))];

    public async Task<(SettlementRecord? Record, IReadOnlyList<Transfer> Lines)> Settlement(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Records and lines of one moment: a batch that is confirmed in between would look as if its lines were missing.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var key = new { poolId, epoch = epoch.Value };
        return (await Record(snapshot, key, cancellationToken), await Lines(snapshot, poolId, epoch, cancellationToken));
    }

    public async Task<IReadOnlyList<BookedPayment>> Payments(string poolId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<(string Reference, long Amount)>(
                "select reference, amount from ledger_transfers where pool_id = @poolId and kind in (1, 9) and at >= @from and at < @until and id = 'chain/' || reference",
                new { poolId, from = from.UtcDateTime, until = until.UtcDateTime }, cancellationToken))
            .Select(line => new BookedPayment(line.Reference, new(line.Amount)))];

    public async Task<long> LogicalTimeBefore(string poolId, string address, DateTimeOffset moment, CancellationToken cancellationToken = default) =>
        (await database.Query<long>(
            "select after_logical_time from payment_days where pool_id = @poolId and address = @address and day <= @day::date order by day desc limit 1",
            new { poolId, address, day = moment.UtcDateTime.Date }, cancellationToken)).SingleOrDefault();

    private static async Task<SettlementRecord?> Record(NpgsqlTransaction snapshot, object key, CancellationToken cancellationToken)
    {
        var heads = await snapshot.Query<HeadRow>(
            """
            select total, fee, claim_from as "ClaimFrom", merkle_root as "MerkleRoot", bundle_hash as "BundleHash" from settlements where pool_id = @poolId and epoch = @epoch
            """, key, cancellationToken);
        if (heads is not [var head])
            return null;
        var messages = await snapshot.Query<MessageRow>(
            """
            select index, phase, list_hash as "ListHash", total, transaction_hash as "Transaction", network_fee as "NetworkFee"
            from settlement_messages where pool_id = @poolId and epoch = @epoch order by index
            """, key, cancellationToken);
        var entries = await snapshot.Query<EntryRow>(
            """
            select payout_index as "Index", batch, participant, payout_address as "PayoutAddress", amount, held, hold_reason as "Reason", claim_transaction as "ClaimTransaction"
            from settlement_payouts where pool_id = @poolId and epoch = @epoch order by payout_index
            """, key, cancellationToken);
        return new(new(head.Total), new(head.Fee), head.ClaimFrom, head.MerkleRoot, head.BundleHash, [.. messages.Select(row => row.Message)], [.. entries.Select(row => row.Entry)]);
    }

    /// <summary>The lines lie behind those of the epoch's closing; from there the index of the sequence is read, and not the whole history.</summary>
    private static async Task<IReadOnlyList<Transfer>> Lines(NpgsqlTransaction snapshot, string poolId, EpochNumber epoch, CancellationToken cancellationToken)
    {
        var share = (await snapshot.Query<string>(
            "select 'epoch/' || epoch || '/share/' || participant from epoch_shares where pool_id = @poolId and epoch = @epoch and share > 0 limit 1",
            new { poolId, epoch = epoch.Value }, cancellationToken)).SingleOrDefault();
        var after = share is null ? 0 : (await snapshot.Query<long>("select sequence from ledger_transfers where pool_id = @poolId and id = @share", new { poolId, share }, cancellationToken)).SingleOrDefault();
        var rows = await snapshot.Query<LineRow>(
            """
            select id, debit, credit, amount, kind, reference, at, action, reservation from ledger_transfers
            where pool_id = @poolId and sequence >= @after and kind in (6, 7, 8, 11) and starts_with(id, @prefix) order by sequence
            """, new { poolId, after, prefix = $"settlement/{epoch}/" }, cancellationToken);
        return [.. rows.Select(row => row.Transfer)];
    }

    private sealed record HeadRow(long Total, long Fee, int ClaimFrom, byte[] MerkleRoot, byte[] BundleHash);

    private sealed record MessageRow(int Index, short Phase, byte[] ListHash, long Total, string? Transaction, long NetworkFee)
    {
        public RecordedMessage Message => new(
            Index,
            (MessagePhase)Phase switch { MessagePhase.Done => RecordedPhase.Done, MessagePhase.Replaced => RecordedPhase.GivenUp, _ => RecordedPhase.Waiting },
            ListHash, new(Total), Transaction, new(NetworkFee));
    }

    private sealed record EntryRow(int Index, int? Batch, string Participant, string PayoutAddress, long Amount, short? Held, short? Reason, string? ClaimTransaction)
    {
        public RecordedEntry Entry => new(
            new(Index, TonAddress.Parse(Participant), TonAddress.Parse(PayoutAddress), new(Amount), Reason == (short)HoldReason.ClaimSchedule),
            Batch, (HoldState?)Held, (HoldReason?)Reason, ClaimTransaction);
    }

    private sealed record LineRow(string Id, string Debit, string Credit, long Amount, short Kind, string Reference, DateTime At, short Action, string? Reservation)
    {
        public Transfer Transfer => new(Id, AccountName.Parse(Debit), AccountName.Parse(Credit), new(Amount), (TransferKind)Kind, Reference, At.Utc(), (TransferAction)Action, Reservation);
    }
}
