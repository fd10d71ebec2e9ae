using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Adapters.Postgres.Settlement;

// The rows of the settlement's tables as Dapper reads them, and what they mean.

internal sealed record HeadRow(
    long Total, long Fee, int PayoutCount, byte[] MerkleRoot, byte[] BundleHash, int ClaimFrom, string? AlertCode, string? Alert, DateTime? AlertedSince,
    short Phase, bool WaitsForEarlier, int NextBatch, int NextRelease, int OpenHolds)
{
    public const string Select = """
        select s.total, s.fee, s.payout_count as "PayoutCount", s.merkle_root as "MerkleRoot", s.bundle_hash as "BundleHash", s.claim_from as "ClaimFrom",
               s.alert_code as "AlertCode", s.alert, s.alerted_since as "AlertedSince", e.phase,
               exists (select 1 from epochs o where o.pool_id = s.pool_id and o.number < s.epoch and o.phase in (2, 3)) as "WaitsForEarlier",
               (select greatest(max(index), -1) + 1 from settlement_messages m where m.pool_id = s.pool_id and m.epoch = s.epoch) as "NextBatch",
               (select least(min(index), -1) - 1 from settlement_messages m where m.pool_id = s.pool_id and m.epoch = s.epoch) as "NextRelease",
               (select count(*)::integer from settlement_payouts p where p.pool_id = s.pool_id and p.epoch = s.epoch and p.held < 3) as "OpenHolds"
        from settlements s join epochs e on e.pool_id = s.pool_id and e.number = s.epoch
        where s.pool_id = @poolId and s.epoch = @epoch
        """;

    public SettlementAlert? SettlementAlert => AlertCode is null ? null : new(AlertCode, Alert!, AlertedSince!.Value.Utc());

    public StoredSettlement Settlement(EpochNumber epoch, IReadOnlyList<SettlementMessage> messages, IReadOnlyList<HeldPayout> held) =>
        new(epoch, new(Total), new(Fee), PayoutCount, MerkleRoot, BundleHash, messages, ClaimFrom, held);
}

internal sealed record MessageRow(
    int Index, short Phase, byte[] ListHash, long Total, string? Boc, string? MessageHash, long? Seqno, long? ValidUntil, int Attempts, string? TransactionHash, long NetworkFee,
    string? Signer, bool InDoubt)
{
    public const string Select = """
        select index, phase, list_hash as "ListHash", total, boc, message_hash as "MessageHash", seqno, valid_until as "ValidUntil",
               attempts, transaction_hash as "TransactionHash", network_fee as "NetworkFee", signer, in_doubt as "InDoubt"
        from settlement_messages where pool_id = @poolId and epoch = @epoch
        """;

    public SettlementMessage Message(IEnumerable<PayoutRow> payouts) => new(
        Index, (MessagePhase)Phase, ListHash, new(Total), Index == SettlementMessage.OpenEpoch ? [] : [.. payouts.Select(p => p.Payable)], Boc, MessageHash,
        Seqno is { } seqno ? new(seqno, ValidUntil!.Value, Signer is null ? null : TonAddress.Parse(Signer)) : null, Attempts, TransactionHash, new(NetworkFee), InDoubt);
}

internal sealed record PayoutRow(
    int Index, int? Batch, string Participant, string PayoutAddress, long Amount, short? Held, short? Reason, string? Detail, string? ClaimTransaction)
{
    public const string Select = """
        select payout_index as "Index", batch, participant, payout_address as "PayoutAddress", amount, held, hold_reason as "Reason",
               hold_detail as "Detail", claim_transaction as "ClaimTransaction"
        from settlement_payouts where pool_id = @poolId and epoch = @epoch
        """;

    public Payable Payable => new(
        Index, TonAddress.Parse(Participant), TonAddress.Parse(PayoutAddress), new(Amount), Reason == (short)HoldReason.ClaimSchedule);

    public HeldPayout HeldPayout => new(Payable, (HoldReason)Reason!, (HoldState)Held!, Batch, Detail ?? "", ClaimTransaction);
}
