using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <summary>Writes messages and the entries that they pay or release.</summary>
internal static class SettlementPlanRows
{
    public static Task<int> InsertMessages(
        NpgsqlTransaction transaction, string poolId, EpochNumber epoch, IReadOnlyList<SettlementMessage> messages, CancellationToken cancellationToken) => transaction.Execute(
        """
        insert into settlement_messages (pool_id, epoch, index, phase, list_hash, total)
        select @poolId, @epoch, i, 0, h, t from unnest(@indices, @hashes, @totals) as m (i, h, t)
        """,
        new
        {
            poolId, epoch = epoch.Value,
            indices = messages.Select(m => m.Index).ToArray(),
            hashes = messages.Select(m => m.ListHash).ToArray(),
            totals = messages.Select(m => m.Total.Value).ToArray(),
        },
        cancellationToken);

    public static Task<int> InsertPayouts(NpgsqlTransaction transaction, string poolId, StoredSettlement plan, CancellationToken cancellationToken)
    {
        var sent = plan.Messages.Where(m => m.IsBatch).SelectMany(m => m.Entries.Select(e => (Batch: (int?)m.Index, Entry: e, Held: (HeldPayout?)null)));
        var entries = sent.Concat(plan.Held.Select(h => (Batch: h.Message, h.Entry, Held: (HeldPayout?)h))).ToList();
        return transaction.Execute(
            """
            insert into settlement_payouts (pool_id, epoch, payout_index, batch, participant, payout_address, amount, held, hold_reason, hold_detail)
            select @poolId, @epoch, * from unnest(@indices, @batches, @participants, @addresses, @amounts, @held, @reasons, @details)
            """,
            new
            {
                poolId, epoch = plan.Epoch.Value,
                indices = entries.Select(e => e.Entry.Index).ToArray(),
                batches = entries.Select(e => e.Batch).ToArray(),
                participants = entries.Select(e => e.Entry.Participant.ToString()).ToArray(),
                addresses = entries.Select(e => e.Entry.PayoutAddress.ToString()).ToArray(),
                amounts = entries.Select(e => e.Entry.Amount.Value).ToArray(),
                held = entries.Select(e => (short?)e.Held?.State).ToArray(),
                reasons = entries.Select(e => (short?)e.Held?.Reason).ToArray(),
                details = entries.Select(e => e.Held?.Detail).ToArray(),
            },
            cancellationToken);
    }

    /// <summary>Moves entries that are sent to the message that sends them from now on.</summary>
    public static async Task MoveToBatches(NpgsqlTransaction transaction, string poolId, EpochNumber epoch, IReadOnlyList<PlannedBatch> batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            await transaction.Execute(
                "update settlement_payouts set batch = @batch where pool_id = @poolId and epoch = @epoch and payout_index = any(@indices)",
                new { poolId, epoch = epoch.Value, batch = batch.Index, indices = batch.Entries.Select(e => e.Index).ToArray() }, cancellationToken);
        }
    }

    public static async Task Hold(NpgsqlTransaction transaction, string poolId, EpochNumber epoch, IReadOnlyList<HeldPayout> held, CancellationToken cancellationToken)
    {
        foreach (var one in held)
        {
            await transaction.Execute(
                """
                update settlement_payouts set batch = @Message, held = @state, hold_reason = @reason, hold_detail = @Detail
                where pool_id = @poolId and epoch = @epoch and payout_index = @index
                """,
                new { poolId, epoch = epoch.Value, index = one.Entry.Index, one.Message, state = (short)one.State, reason = (short)one.Reason, one.Detail }, cancellationToken);
        }
    }

    /// <summary>How many of the entries were withheld, and are on their way now.</summary>
    public static Task<int> BeginRelease(NpgsqlTransaction transaction, string poolId, EpochNumber epoch, PlannedRelease release, CancellationToken cancellationToken) => transaction.Execute(
        """
        update settlement_payouts set batch = @message, held = 1
        where pool_id = @poolId and epoch = @epoch and payout_index = any(@indices) and held = 0
        """,
        new { poolId, epoch = epoch.Value, message = release.Message, indices = release.Entries.Select(e => e.Index).ToArray() }, cancellationToken);
}
