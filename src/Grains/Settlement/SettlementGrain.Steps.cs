using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Settlement;

// The steps 2 to 7 of the protocol. Which one is next is PayoutProtocol's decision; here each is carried out.
public sealed partial class SettlementGrain
{
    /// <summary>Carries out one step. True when it made progress, so that the next may follow at once.</summary>
    private async Task<bool> Step()
    {
        if (await store.Find(PoolId, Number) is not { } settlement || await WaitsForEarlierEpoch())
            return false;

        // Also without any payout: an epoch that is not settled in order would hold up all later ones.
        await epochs.Advance(PoolId, Number, EpochCommand.StartSettlement);
        if (settlement.Messages.OrderBy(m => m.Index).FirstOrDefault(m => m.Phase != MessagePhase.Done) is not { } message || settlement.PayoutCount == 0)
            return await Finish();

        // The wallet is read before the contract: an effect can then be missed, never imagined.
        var signer = await chain.Signer();
        var onChain = await chain.Epoch(Number);
        var reading = Reading(settlement, message, signer, onChain);
        var fate = await FateIfMissing(message, reading);
        var step = PayoutProtocol.Next(message.Signature, reading with { Refused = fate?.Refused ?? false });
        return step switch
        {
            PayoutStep.Confirm => await Confirm(message, onChain),
            PayoutStep.Sign => await Sign(settlement, message, signer),
            PayoutStep.Broadcast => await Broadcast(message),
            PayoutStep.Failed => await Failed(settlement, message, signer, fate),
            PayoutStep.Conflict => await Conflict(message),
            _ => false,
        };
    }

    /// <summary>One wallet signs for all epochs, in order: an epoch begins to pay when the one before it has paid everything.</summary>
    private async Task<bool> WaitsForEarlierEpoch() =>
        (await epochs.Unsettled(PoolId)).Any(e => e.Number < Number && e.Phase is (EpochState.Finalized or EpochState.Settling));

    /// <summary>The wallet took the message and its effect is not there: on its way, or refused? The answer only saves time; without one the deadline decides.</summary>
    private async Task<MessageFate?> FateIfMissing(SettlementMessage message, ChainReading reading)
    {
        if (reading.Executed || message.Signature is not { } signature || reading.SignerSeqno <= signature.Seqno || message.MessageHash is not { } hash)
            return null;
        try
        {
            return await chain.Message(hash);
        }
        catch (ChainGatewayException)
        {
            return null;
        }
    }

    private static ChainReading Reading(StoredSettlement settlement, SettlementMessage message, SignerReading signer, EpochOnChain onChain)
    {
        if (message.Index == SettlementMessage.OpenEpoch)
        {
            var same = onChain.Total == settlement.Total && onChain.MerkleRoot.AsSpan().SequenceEqual(settlement.MerkleRoot)
                && onChain.BundleHash.AsSpan().SequenceEqual(settlement.BundleHash);
            return new(onChain.Opened, same, signer.Seqno, onChain.ChainTime);
        }
        var batch = onChain.Batches.FirstOrDefault(b => b.Index == message.Index);
        return new(batch is not null, batch?.ListHash.AsSpan().SequenceEqual(message.ListHash) ?? false, signer.Seqno, onChain.ChainTime);
    }

    private async Task<bool> Confirm(SettlementMessage message, EpochOnChain onChain)
    {
        var batch = onChain.Batches.FirstOrDefault(b => b.Index == message.Index);
        var transaction = batch?.TransactionHash ?? message.MessageHash ?? "";
        var fee = batch?.NetworkFee ?? Nanotons.Zero;

        // The chain's state is the proof; its transaction is found a moment later and wanted for the books.
        if (batch is { TransactionHash: null } && message.Signature is { } signature && onChain.ChainTime <= signature.ValidUntil + PayoutProtocol.DeliverySeconds)
            return false;
        var epoch = (await epochs.Find(PoolId, Number))!;
        await Note(message, "proven", "chain", new { transaction, networkFeeNano = fee, totalNano = message.Total });
        await store.Confirm(PoolId, Number, message.Index, transaction, fee,
            SettlementTransfers.Confirmation(Number, message.Index, message.Entries, transaction, fee, epoch.End, time.GetUtcNow()));
        _trouble = null;
        LogConfirmed(Number, message.Index, message.Entries.Count, message.Total, transaction);
        return true;
    }

    private async Task<bool> Sign(StoredSettlement settlement, SettlementMessage message, SignerReading signer)
    {
        if (control.State.Frozen)
            return false;
        var signature = new LiveSignature(signer.Seqno, signer.ChainTime + settings.SignatureLifetimeSeconds);
        var signed = message.Index == SettlementMessage.OpenEpoch
            ? await chain.SignOpenEpoch(new(Number, settlement.Total, settlement.Fee, settlement.PayoutCount, settlement.MerkleRoot, settlement.BundleHash), signature.Seqno, signature.ValidUntil)
            : await chain.SignPayBatch(Number, message.Index, [.. message.Entries.Select(e => new Payout(e.PayoutAddress, e.Amount))], message.ListHash, signature.Seqno, signature.ValidUntil);
        await Note(message, "signed", signed.Hash, new { messageHash = signed.Hash, signature.Seqno, signature.ValidUntil, totalNano = message.Total });
        await store.SaveSignature(PoolId, Number, message.Index, signed.Boc, signed.Hash, signature);
        LogSigned(Number, message.Index, signature.Seqno, signature.ValidUntil, signed.Hash);
        return true;
    }

    private async Task<bool> Broadcast(SettlementMessage message)
    {
        await Note(message, "sent", message.MessageHash!);
        var (accepted, reason) = await chain.Broadcast(message.Boc!);
        if (!accepted)
            Report($"The chain turned the message of batch {message.Index} down: {reason}. It is sent again until it lands or expires.");

        // Not progress: the chain needs a block before a look can show anything new.
        return false;
    }

    /// <summary>The contract refused the message: the cause is told, and after a while it is signed anew, so that a top-up needs no other hand.</summary>
    private async Task<bool> Failed(StoredSettlement settlement, SettlementMessage message, SignerReading signer, MessageFate? fate)
    {
        var what = message.Index == SettlementMessage.OpenEpoch ? "the opening of the epoch" : $"batch {message.Index}";
        var distribution = await chain.Distribution();
        Report($"The chain did not carry out {what}: {fate?.Reason ?? "the cause is not known"}. The contract holds {distribution.Balance.ToTonString()} TON, "
            + $"{distribution.Reserved.ToTonString()} TON of it for open epochs; this epoch needs {(settlement.Total + settlement.Fee).ToTonString()} TON and the storage reserve. Top it up if that is missing; the settlement goes on by itself.");
        await Note(message, "refused_by_chain", message.MessageHash!, new { fate?.Reason });
        var now = time.GetUtcNow();
        _retryAt ??= now + settings.RefusalPause;
        if (now < _retryAt)
            return false;
        _retryAt = null;
        return await Sign(settlement, message, signer);
    }

    private async Task<bool> Conflict(SettlementMessage message)
    {
        Report($"The chain has another content for message {message.Index} than was planned; nothing more is signed until a person has looked.");
        if (!control.State.Frozen)
            await Freeze(_trouble!);
        return false;
    }

    private async Task<bool> Finish()
    {
        await Note("settled");
        await epochs.Advance(PoolId, Number, EpochCommand.CompleteSettlement);
        _timer?.Dispose();
        _timer = null;
        await StopWaking();
        LogSettled(Number);
        return false;
    }
}
