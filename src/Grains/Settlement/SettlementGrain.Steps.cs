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
        if (await store.Turn(PoolId, Number) is not { WaitsForEarlier: false } turn)
            return false;
        if (turn.Phase == EpochState.Finalized)
            await epochs.Advance(PoolId, Number, EpochCommand.StartSettlement);

        // Also without any payout: an epoch that is not settled in order would hold up all later ones.
        if (!HasWork(turn))
            return await Finish(turn);
        var message = turn.Message!;

        // The wallet is read before the contract: an effect can then be missed, never imagined.
        var signer = await chain.Signer();
        var onChain = await chain.Epoch(Number);
        var reading = Reading(turn.Settlement, message, signer, onChain);
        var fate = await FateIfMissing(message, reading);
        reading = reading with { Refused = fate?.Refused ?? false, Displaced = fate is { Unknown: true } && fate.SignerSeqno > message.Signature?.Seqno };
        return PayoutProtocol.Next(message.Signature, reading) switch
        {
            PayoutStep.Confirm => await Confirm(turn, message, onChain),
            PayoutStep.Sign => await Sign(turn, message, signer, reading),
            PayoutStep.Broadcast => await Broadcast(message),
            PayoutStep.Failed => await Failed(turn, message, signer, reading, fate),
            PayoutStep.Conflict => await Conflict(turn, message),
            _ => false,
        };
    }

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
        var (executed, matches) = message switch
        {
            { Index: SettlementMessage.OpenEpoch } => (onChain.Opened, IsAsPlanned(settlement, onChain)),
            { IsRelease: true } => (message.Entries.All(e => onChain.Released.Contains(e.Index)), true),
            _ => onChain.Batches.FirstOrDefault(b => b.Index == message.Index) is { } batch ? (true, batch.ListHash.AsSpan().SequenceEqual(message.ListHash)) : (false, false),
        };

        // The wallet's block, not the contract's later one: between the two the wallet may still have taken a message in time.
        return new(executed, matches, signer.Seqno, Math.Min(signer.ChainTime, onChain.ChainTime), Signer: signer.Address);
    }

    private static bool IsAsPlanned(StoredSettlement settlement, EpochOnChain onChain) =>
        onChain.Total == settlement.Total && (onChain.ClaimFrom ?? settlement.ClaimFrom) == settlement.ClaimFrom
        && onChain.MerkleRoot.AsSpan().SequenceEqual(settlement.MerkleRoot) && onChain.BundleHash.AsSpan().SequenceEqual(settlement.BundleHash);

    private async Task<bool> Confirm(SettlementTurn turn, SettlementMessage message, EpochOnChain onChain)
    {
        var (transaction, fee) = message switch
        {
            { IsBatch: true } when onChain.Batches.FirstOrDefault(b => b.Index == message.Index) is { TransactionHash: { } paying } batch => (paying, batch.NetworkFee ?? Nanotons.Zero),
            { Index: SettlementMessage.OpenEpoch } when onChain.Opening is { } opening => (opening.TransactionHash, opening.NetworkFee),
            _ => (null, Nanotons.Zero),
        };

        // The chain's state is the proof; its transaction is found a moment later and wanted for the books. A release is too small to wait for.
        if (transaction is null && !message.IsRelease && message.Signature is { } signature && onChain.ChainTime <= signature.ValidUntil + PayoutProtocol.DeliverySeconds)
            return false;
        transaction ??= message.MessageHash ?? "";
        var now = time.GetUtcNow();
        await Audit(message, "proven", "chain", new { transaction, networkFeeNano = fee, totalNano = message.Total });
        await store.Confirm(PoolId, Number, message.Index, transaction, fee,
            message.IsRelease ? [] : SettlementTransfers.Confirmation(Number, message.Index, message.Entries, transaction, fee, now, now));
        await Recovered(turn);
        LogConfirmed(Number, message.Index, message.Entries.Count, message.Total, transaction);
        return true;
    }

    /// <summary>Called only when no signature for the message can land any more, or when the contract would refuse its second effect.</summary>
    private async Task<bool> Sign(SettlementTurn turn, SettlementMessage message, SignerReading signer, ChainReading reading)
    {
        if (control.State.Frozen)
            return false;
        var inDoubt = message.InDoubt || PayoutProtocol.LeavesDoubt(message.Signature, reading);
        if (message.IsBatch && !inDoubt && await TakeFrozenAside(turn, message))
            return true;
        if (await Hindrance(turn, message, signer) is { } hindrance)
        {
            await Report(turn, hindrance.Code, hindrance.Text);
            return false;
        }
        var signature = new LiveSignature(signer.Seqno, signer.ChainTime + settings.SignatureLifetimeSeconds, signer.Address);
        SignedMessage signed;
        try
        {
            signed = await SignedBy(turn.Settlement, message, signature);
        }
        catch (ChainGatewayException refusal) when (refusal.Code == "entry_refused" && message.IsBatch && !inDoubt)
        {
            return await TakeRefusedAside(turn, message, refusal.RefusedEntries);
        }
        catch (ChainGatewayException refusal) when (refusal.Code is "policy_refused" or "list_conflict" or "entry_conflict" or "entry_refused" or "invalid_request")
        {
            await Report(turn, SettlementTrouble.SigningRefused, $"The chain gateway does not sign {Name(message)}: {refusal.Message}");
            return false;
        }
        await Audit(message, "signed", signed.Hash, new { messageHash = signed.Hash, signature.Seqno, signature.ValidUntil, signature.Signer, totalNano = message.Total });
        await store.SaveSignature(PoolId, Number, message.Index, signed.Boc, signed.Hash, signature, inDoubt);
        LogSigned(Number, message.Index, signature.Seqno, signature.ValidUntil, signed.Hash);
        return true;
    }

    private Task<SignedMessage> SignedBy(StoredSettlement settlement, SettlementMessage message, LiveSignature signature) => message switch
    {
        { Index: SettlementMessage.OpenEpoch } => chain.SignOpenEpoch(
            new(Number, settlement.Total, settlement.Fee, settlement.PayoutCount, settlement.MerkleRoot, settlement.BundleHash, settlement.ClaimFrom), signature.Seqno, signature.ValidUntil),
        { IsRelease: true } => chain.SignReleaseClaims(Number, [.. message.Entries.Select(e => e.Index)], signature.Seqno, signature.ValidUntil),
        _ => chain.SignPayBatch(
            Number, message.Index, [.. message.Entries.Select(e => new Payout(e.PayoutAddress, e.Amount) { Index = e.Index })], message.ListHash, signature.Seqno, signature.ValidUntil),
    };

    private async Task<bool> Broadcast(SettlementMessage message)
    {
        await Audit(message, "sent", message.MessageHash!);
        var (accepted, reason) = await chain.Broadcast(message.Boc!);
        if (!accepted)
            Remark($"The chain turned {Name(message)} down: {reason}. It is sent again until it lands or expires.");

        // Not progress: the chain needs a block before a look can show anything new.
        return false;
    }

    /// <summary>The contract refused the message: the cause is told, and after a while it is signed anew, so that a top-up needs no other hand.</summary>
    private async Task<bool> Failed(SettlementTurn turn, SettlementMessage message, SignerReading signer, ChainReading reading, MessageFate? fate)
    {
        if (message.IsBatch && !message.InDoubt && reading.Refused && BatchRegrouping.ConcernsAnEntry(fate?.ExitCode))
            return await Split(turn, message, fate?.Reason ?? "refused by the contract");
        var distribution = await chain.Distribution();
        var code = SettlementTrouble.FromExitCode(fate?.ExitCode);
        await Report(turn, code, $"The chain did not carry out {Name(message)}: {fate?.Reason ?? "the cause is not known"}. {Holdings(turn.Settlement, distribution)}");
        await Audit(message, "refused_by_chain", message.MessageHash!, new { fate?.Reason });
        var now = time.GetUtcNow();
        _retryAt ??= now + settings.RefusalPause;
        if (now < _retryAt)
            return false;
        _retryAt = null;
        return await Sign(turn, message, signer, reading);
    }

    private async Task<bool> Conflict(SettlementTurn turn, SettlementMessage message)
    {
        var text = $"The chain has another content for {Name(message)} than was planned; nothing more is signed until a person has looked.";
        await Report(turn, SettlementTrouble.Conflict, text);
        if (!control.State.Frozen)
            await Freeze(text);
        return false;
    }

    private async Task<bool> Finish(SettlementTurn turn)
    {
        if (turn.Phase != EpochState.Settled)
        {
            await Audit("settled");
            if ((await epochs.Advance(PoolId, Number, EpochCommand.CompleteSettlement)).Accepted)
                LogSettled(Number);
        }
        if (turn.OpenHolds > 0 && await ReleaseLifted())
            return true;
        StopTimer();
        if (turn.OpenHolds == 0)
            await StopWaking();
        return false;
    }

    private static string Name(SettlementMessage message) => message switch
    {
        { Index: SettlementMessage.OpenEpoch } => "the opening of the epoch",
        { IsRelease: true } => $"the release of {message.Entries.Count} entries",
        _ => $"batch {message.Index}",
    };
}
