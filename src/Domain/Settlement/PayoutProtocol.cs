namespace CocoonPool.Domain.Settlement;

/// <summary>A signed message that has been persisted: the only bytes that may be sent for its batch until it can no longer land.</summary>
/// <param name="Seqno">The signer wallet's sequence number in the message; the wallet accepts each once.</param>
/// <param name="ValidUntil">Chain time, Unix seconds, after which the wallet refuses the message.</param>
public sealed record LiveSignature(long Seqno, long ValidUntil);

/// <summary>What a committed block of the chain says about one message of a settlement and about the signer's wallet.</summary>
/// <param name="Executed">The contract has done what the message asks for.</param>
/// <param name="ContentMatches">What the contract recorded is what we planned (list hash, totals).</param>
/// <param name="SignerSeqno">The wallet's next sequence number, read at the same or an earlier block than the contract.</param>
/// <param name="ChainTime">Unix seconds of the block.</param>
/// <param name="Refused">The transaction of this very message is on chain and failed: its effect will never come.</param>
public sealed record ChainReading(bool Executed, bool ContentMatches, long SignerSeqno, long ChainTime, bool Refused = false);

/// <summary>The next thing to do for one message.</summary>
public enum PayoutStep
{
    /// <summary>The chain proves that it was done: book it.</summary>
    Confirm = 0,

    /// <summary>No signature is alive: sign with the current sequence number and persist before anything is sent.</summary>
    Sign = 1,

    /// <summary>A signature is alive: send the very same bytes (again).</summary>
    Broadcast = 2,

    /// <summary>The wallet took the message, the contract has not shown its effect yet: only look again.</summary>
    Wait = 3,

    /// <summary>The wallet took the message and the contract refused it: the cause must be told, then it is signed anew.</summary>
    Failed = 4,

    /// <summary>The chain did something else than planned: stop and call a person.</summary>
    Conflict = 5,
}

/// <summary>
/// Steps 2 to 7 of the exactly-once payout protocol (docs/settlement.md) as one decision. There is never a second live signature
/// for a message: signing again is answered only when the chain proves that the first can not land any more.
/// </summary>
public static class PayoutProtocol
{
    /// <summary>
    /// Seconds of chain time that a message accepted by the wallet gets to reach the contract. Messages between contracts of one
    /// workchain take a few blocks; only when this has passed is a missing effect taken for a refusal.
    /// </summary>
    public const long DeliverySeconds = 30;

    public static PayoutStep Next(LiveSignature? signature, ChainReading chain)
    {
        if (chain.Executed)
            return chain.ContentMatches ? PayoutStep.Confirm : PayoutStep.Conflict;
        if (signature is null)
            return PayoutStep.Sign;
        if (chain.SignerSeqno > signature.Seqno)
            return chain.Refused || chain.ChainTime > signature.ValidUntil + DeliverySeconds ? PayoutStep.Failed : PayoutStep.Wait;
        return chain.ChainTime > signature.ValidUntil ? PayoutStep.Sign : PayoutStep.Broadcast;
    }
}
