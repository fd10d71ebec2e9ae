using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>What goes to the chain was stored before and is alive alone; what the chain pays is what the epoch owes, once; what came in is booked, once.</summary>
internal sealed class ChainAuditor(PoolDatabase database, Action<string> objectTo)
{
    private const int BatchSize = 2;

    private readonly Dictionary<string, WalletMessage> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Epoch, TonAddress To), long> _paid = [];
    private readonly Dictionary<int, long> _paidOfEpoch = [];
    private readonly List<IncomingPayment> _received = [];

    public void Sent(WalletMessage message, ChainModel chain)
    {
        bool CanLand(WalletMessage sent) => sent.Seqno >= chain.Seqno && sent.ValidUntil >= chain.Now;

        if (!CanLand(message))
            return;
        var stored = message.Stake is { } stake
            ? database.StakeSignatures.GetValueOrDefault(stake.Command.Id)?.Boc
            : database.Settlements.GetValueOrDefault(message.Epoch)?.Messages.FirstOrDefault(m => m.Index == message.Batch)?.Boc;
        if (!string.Equals(stored, message.Boc, StringComparison.Ordinal))
            objectTo($"{message.Boc} was sent while {stored ?? "nothing"} is stored: a crash here would forget it");
        foreach (var other in _sent.Values)
        {
            if (other.Aim == message.Aim && other.Boc != message.Boc && CanLand(other))
                objectTo($"{message.Boc} was sent while {other.Boc} could still land: two live signatures");
        }

        _sent[message.Boc] = message;
    }

    public void Paid(WalletMessage message)
    {
        var owed = database.Shares.GetValueOrDefault(message.Epoch, []).Where(s => s.PayableIndex / BatchSize == message.Batch).OrderBy(s => s.PayableIndex)
            .Select(s => new Payment(s.PayoutAddress, new(s.Payable))).ToList();
        if (!owed.SequenceEqual(message.Payments))
            objectTo($"batch {message.Epoch}/{message.Batch} paid {string.Join(", ", message.Payments)} and the epoch owes {string.Join(", ", owed)}");
        _paidOfEpoch[message.Epoch] = _paidOfEpoch.GetValueOrDefault(message.Epoch) + message.Payments.Sum(p => p.Amount.Value);
        if (_paidOfEpoch[message.Epoch] > database.Shares.GetValueOrDefault(message.Epoch, []).Sum(s => s.Payable))
            objectTo($"epoch {message.Epoch} paid more than it owes");
        foreach (var payment in message.Payments)
            _paid[(message.Epoch, payment.To)] = _paid.GetValueOrDefault((message.Epoch, payment.To)) + payment.Amount.Value;
    }

    public void Received(IncomingPayment payment) => _received.Add(payment);

    public void JudgeAtTheEnd(ChainModel chain, long distributionInTheBooks)
    {
        var booked = database.Ledger.Lines.Select(l => l.Transfer).Where(t => t.Kind is TransferKind.Revenue).ToLookup(t => t.Reference, StringComparer.Ordinal);
        foreach (var payment in _received.Where(p => p.To == ChainModel.Distribution && p.From != ChainModel.Operator))
        {
            if (booked[payment.TransactionHash].ToList() is not [var line] || line.Amount != payment.Amount || !line.Credit.Value.StartsWith("revenue:", StringComparison.Ordinal))
                objectTo($"the payment {payment.LogicalTime} of {payment.Amount} from {payment.From} is booked {booked[payment.TransactionHash].Count()} times");
        }

        var settled = database.Settlements.Values.Where(s => database.Epochs.Find(s.Epoch)!.Phase == Domain.Epochs.EpochState.Settled).ToList();
        foreach (var settlement in settled)
        {
            var owed = database.Shares[settlement.Epoch.Value].Sum(s => s.Payable);
            if (_paidOfEpoch.GetValueOrDefault(settlement.Epoch.Value) != owed)
                objectTo($"epoch {settlement.Epoch} is settled, owed {owed} and paid {_paidOfEpoch.GetValueOrDefault(settlement.Epoch.Value)}");
        }

        var unconfirmed = _paidOfEpoch.Where(p => settled.TrueForAll(s => s.Epoch.Value != p.Key)).Sum(p => p.Value)
            - database.Settlements.Values.Except(settled).SelectMany(s => s.Messages).Where(m => m is { Phase: MessagePhase.Done, Index: >= 0 }).Sum(m => m.Total.Value);
        var held = (chain.Balance - chain.FromOutsideTheBooks).Value + unconfirmed;
        if (held != distributionInTheBooks)
            objectTo($"the contract holds {held} of the pool's money and the books say {distributionInTheBooks}");
    }
}
