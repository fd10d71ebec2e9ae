using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>
/// What goes to the chain was stored before and is alive alone; what the chain pays, sent or claimed, is what the epoch owes, each entry
/// once; what came in is booked, once.
/// </summary>
internal sealed class ChainAuditor(PoolDatabase database, Action<string> objectTo)
{
    private readonly Dictionary<string, WalletMessage> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<(int Epoch, int Index)> _paid = [];
    private readonly Dictionary<int, long> _paidOfEpoch = [];
    private readonly List<IncomingPayment> _received = [];

    public void Sent(WalletMessage message, ChainModel chain)
    {
        bool CanLand(WalletMessage sent) => sent.Seqno >= chain.Seqno && sent.ValidUntil >= chain.Now;

        if (!CanLand(message))
            return;
        var stored = message.Stake is { } stake
            ? database.StakeSignatures.GetValueOrDefault(stake.Command.Id)?.Boc
            : database.Settlements.GetValueOrDefault(message.Epoch)?.Messages.FirstOrDefault(m => message.Released.Count == 0 ? m.Index == message.Batch : m.Boc == message.Boc)?.Boc;
        if (!string.Equals(stored, message.Boc, StringComparison.Ordinal))
            objectTo($"{message.Boc} was sent while {stored ?? "nothing"} is stored: a crash here would forget it");
        foreach (var other in _sent.Values)
        {
            if (other.Aim == message.Aim && other.Released.SequenceEqual(message.Released) && other.Boc != message.Boc && CanLand(other))
                objectTo($"{message.Boc} was sent while {other.Boc} could still land: two live signatures");
        }

        _sent[message.Boc] = message;
    }

    public void Paid(WalletMessage message)
    {
        foreach (var payment in message.Payments)
            Pay(message.Epoch, payment, "sent");
    }

    public void Claimed(int epoch, Payment payment) => Pay(epoch, payment, "claimed");

    public void Received(IncomingPayment payment) => _received.Add(payment);

    public void JudgeAtTheEnd(ChainModel chain, long distributionInTheBooks)
    {
        var booked = database.Ledger.Lines.Select(l => l.Transfer).Where(t => t.Kind is TransferKind.Revenue).ToLookup(t => t.Reference, StringComparer.Ordinal);
        foreach (var payment in _received.Where(p => p.To == ChainModel.Distribution && p.From != ChainModel.Operator))
        {
            if (booked[payment.TransactionHash].ToList() is not [var line] || line.Amount != payment.Amount || !line.Credit.Value.StartsWith("revenue:", StringComparison.Ordinal))
                objectTo($"the payment {payment.LogicalTime} of {payment.Amount} from {payment.From} is booked {booked[payment.TransactionHash].Count()} times");
        }

        var unbooked = 0L;
        foreach (var batch in chain.Batches.Values.Where(b => Settlement(b.Message.Epoch).Messages.Single(m => m.Index == b.Message.Batch).Phase != MessagePhase.Done))
            unbooked += batch.Message.Payments.Sum(p => p.Amount.Value);
        foreach (var ((epoch, index), claim) in chain.Claims.Where(c => Settlement(c.Key.Epoch).Held.Single(h => h.Entry.Index == c.Key.Index).State != HoldState.Claimed))
        {
            unbooked += claim.Payment.Amount.Value;
            if (claim.At < chain.Now - PoolTimes.Bound.TotalSeconds)
                objectTo($"entry {index} of epoch {epoch} was claimed long ago and is not booked");
        }

        foreach (var settlement in database.Settlements.Values.Where(s => database.Epochs.Find(s.Epoch)!.Phase == Domain.Epochs.EpochState.Settled))
        {
            var waiting = settlement.Held.Where(h => !chain.Claims.ContainsKey((settlement.Epoch.Value, h.Entry.Index))).Sum(h => h.Entry.Amount.Value);
            var owed = database.Shares[settlement.Epoch.Value].Sum(s => s.Payable);
            var paid = _paidOfEpoch.GetValueOrDefault(settlement.Epoch.Value);
            if (paid + waiting != owed)
                objectTo($"epoch {settlement.Epoch} is settled, owed {owed}, paid {paid} and holds {waiting}");
            foreach (var stuck in settlement.Held.Where(h => h.State == HoldState.Releasing))
                objectTo($"epoch {settlement.Epoch} is settled and entry {stuck.Entry.Index} is {stuck.State}");
        }

        var held = (chain.Balance - chain.FromOutsideTheBooks).Value + unbooked;
        if (held != distributionInTheBooks)
            objectTo($"the contract holds {held} of the pool's money and the books say {distributionInTheBooks}");
    }

    private StoredSettlement Settlement(int epoch) => database.Settlements[epoch];

    private void Pay(int epoch, Payment payment, string how)
    {
        var share = database.Shares.GetValueOrDefault(epoch, []).FirstOrDefault(s => s.PayableIndex == payment.Index);
        if (share is null || share.PayoutAddress != payment.To || share.Payable != payment.Amount.Value)
            objectTo($"entry {payment.Index} of epoch {epoch} was {how}: {payment.Amount} to {payment.To}, and {share?.Payable} to {share?.PayoutAddress} is owed");
        if (!_paid.Add((epoch, payment.Index)))
            objectTo($"entry {payment.Index} of epoch {epoch} was {how}, after it had been paid already");
        _paidOfEpoch[epoch] = _paidOfEpoch.GetValueOrDefault(epoch) + payment.Amount.Value;
    }
}
