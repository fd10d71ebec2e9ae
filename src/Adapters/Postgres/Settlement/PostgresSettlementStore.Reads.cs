using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Adapters.Postgres.Settlement;

// What is read: the step's own few rows each second, everything for people and audits.
public sealed partial class PostgresSettlementStore
{
    public async Task<StoredSettlement?> Find(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        var key = new { poolId, epoch = epoch.Value };
        if (await Head(poolId, epoch, cancellationToken) is not { } head)
            return null;
        var payouts = await database.Query<PayoutRow>($"{PayoutRow.Select} order by payout_index", key, cancellationToken);
        var byMessage = payouts.Where(p => p.Batch is not null).ToLookup(p => p.Batch!.Value);
        var messages = await database.Query<MessageRow>($"{MessageRow.Select} order by index", key, cancellationToken);
        return head.Settlement(epoch, [.. messages.Select(m => m.Message(byMessage[m.Index]))], [.. payouts.Where(p => p.Held is not null).Select(p => p.HeldPayout)]);
    }

    public async Task<SettlementTurn?> Turn(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        if (await Head(poolId, epoch, cancellationToken) is not { } head)
            return null;

        // The opening, then the batches, then the releases in the order in which they were planned.
        var next = (await database.Query<MessageRow>(
            $"{MessageRow.Select} and phase < 2 order by index <> -1, index < 0, abs(index) limit 1", new { poolId, epoch = epoch.Value }, cancellationToken)).SingleOrDefault();
        var payouts = next is null or { Index: SettlementMessage.OpenEpoch }
            ? []
            : await database.Query<PayoutRow>($"{PayoutRow.Select} and batch = @batch order by payout_index", new { poolId, epoch = epoch.Value, batch = next.Index }, cancellationToken);
        return new(
            (EpochState)head.Phase, head.WaitsForEarlier, head.Settlement(epoch, next is null ? [] : [next.Message(payouts)], []), head.NextBatch, head.NextRelease, head.OpenHolds, head.SettlementAlert);
    }

    public async Task<SettlementOutline?> Outline(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        if (await Head(poolId, epoch, cancellationToken) is not { } head)
            return null;
        var key = new { poolId, epoch = epoch.Value };
        var messages = await database.Query<OutlineRow>(
            """
            select m.index, m.phase, m.list_hash as "ListHash", m.total, m.message_hash as "MessageHash", m.transaction_hash as "TransactionHash", m.network_fee as "NetworkFee",
                   (select count(*)::integer from settlement_payouts p where p.pool_id = m.pool_id and p.epoch = m.epoch and p.batch = m.index) as "Payouts"
            from settlement_messages m where m.pool_id = @poolId and m.epoch = @epoch order by m.index
            """, key, cancellationToken);
        var held = await database.Query<(short Reason, short State, int Count, long Amount)>(
            """
            select hold_reason, held, count(*)::integer, sum(amount)::bigint from settlement_payouts
            where pool_id = @poolId and epoch = @epoch and held is not null group by hold_reason, held order by hold_reason, held
            """, key, cancellationToken);
        return new(
            new(head.Total),
            [.. messages.Select(m => new MessageOutline(m.Index, (MessagePhase)m.Phase, m.Payouts, new(m.Total), m.ListHash, m.MessageHash, m.TransactionHash, new(m.NetworkFee)))],
            [.. held.Select(h => new HoldSum((HoldReason)h.Reason, (HoldState)h.State, h.Count, new(h.Amount)))],
            head.SettlementAlert);
    }

    public async Task<IReadOnlyList<HeldPayout>> OpenHolds(string poolId, EpochNumber epoch, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<PayoutRow>($"{PayoutRow.Select} and held < 3 order by payout_index", new { poolId, epoch = epoch.Value }, cancellationToken)).Select(p => p.HeldPayout)];

    public async Task<IReadOnlyList<EpochNumber>> EpochsWithholding(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<int>("select epoch from settlement_payouts where pool_id = @poolId and participant = @participant and held = 0 order by epoch",
                new { poolId, participant = participant.ToString() }, cancellationToken))
            .Select(number => new EpochNumber(number))];

    public async Task<(int Alerts, IReadOnlyDictionary<HoldState, int> Held)> Figures(string poolId, CancellationToken cancellationToken = default)
    {
        var alerts = (await database.Query<int>("select count(*)::integer from settlements where pool_id = @poolId and alert_code is not null", new { poolId }, cancellationToken)).Single();
        var held = await database.Query<(short State, int Count)>(
            "select held, count(*)::integer from settlement_payouts where pool_id = @poolId and held < 3 group by held", new { poolId }, cancellationToken);
        return (alerts, held.ToDictionary(h => (HoldState)h.State, h => h.Count));
    }

    public async Task<IReadOnlyList<ParticipantPayout>> Payouts(string poolId, TonAddress? participant, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<ParticipantRow>(
                """
                select p.epoch, p.batch, p.participant, p.payout_address as "PayoutAddress", p.amount,
                       case when p.held is null then m.phase when p.held = 3 then 2 else 0 end::smallint as "Phase",
                       case when p.held is null then m.transaction_hash else p.claim_transaction end as "TransactionHash",
                       p.payout_index as "Index", p.held, p.hold_reason as "Reason", p.hold_detail as "Detail"
                from settlement_payouts p left join settlement_messages m on m.pool_id = p.pool_id and m.epoch = p.epoch and m.index = p.batch
                where p.pool_id = @poolId and (@participant::text is null or p.participant = @participant)
                order by p.epoch desc, p.payout_index limit @limit
                """, new { poolId, participant = participant?.ToString(), limit }, cancellationToken))
            .Select(row => new ParticipantPayout(new(row.Epoch), row.Batch, TonAddress.Parse(row.Participant), TonAddress.Parse(row.PayoutAddress),
                new(row.Amount), (MessagePhase)row.Phase, row.TransactionHash, row.Index, (HoldState?)row.Held, (HoldReason?)row.Reason, row.Detail))];

    private async Task<HeadRow?> Head(string poolId, EpochNumber epoch, CancellationToken cancellationToken) =>
        (await database.Query<HeadRow>(HeadRow.Select, new { poolId, epoch = epoch.Value }, cancellationToken)).SingleOrDefault();

    private sealed record OutlineRow(
        int Index, short Phase, byte[] ListHash, long Total, string? MessageHash, string? TransactionHash, long NetworkFee, int Payouts);

    private sealed record ParticipantRow(
        int Epoch, int? Batch, string Participant, string PayoutAddress, long Amount, short Phase, string? TransactionHash, int Index, short? Held, short? Reason, string? Detail);
}
