using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Settlement;

/// <summary>A signed message that has been persisted: the only bytes that may be sent for its batch until it can no longer land.</summary>
/// <param name="Seqno">The signer wallet's sequence number in the message; the wallet accepts each once.</param>
/// <param name="ValidUntil">Chain time, Unix seconds, after which the wallet refuses the message.</param>
/// <param name="Signer">The wallet; null in what was stored before wallets could change.</param>
public sealed record LiveSignature(long Seqno, long ValidUntil, TonAddress? Signer = null);

/// <summary>What a committed block of the chain says about one message of a settlement and about the signer's wallet.</summary>
/// <param name="Executed">The contract has done what the message asks for.</param>
/// <param name="ContentMatches">What the contract recorded is what we planned (list hash, totals).</param>
/// <param name="SignerSeqno">The wallet's next sequence number, read at the same or an earlier block than the contract.</param>
/// <param name="ChainTime">Unix seconds of the block in which the wallet was read: past a deadline, a number that has not moved never will by that message.</param>
/// <param name="Refused">The transaction of this very message is on chain and failed: its effect will never come.</param>
/// <param name="Displaced">The wallet took another message with this sequence number: this one can never land.</param>
/// <param name="Signer">The wallet that signs now; null when it is not known to have changed.</param>
public sealed record ChainReading(
    bool Executed, bool ContentMatches, long SignerSeqno, long ChainTime, bool Refused = false, bool Displaced = false, TonAddress? Signer = null);

/// <summary>The next thing to do for one message.</summary>
public enum PayoutStep
{
    /// <summary>The chain proves that it was done: book it.</summary>
    Confirm = 0,

    /// <summary>No signature is alive: sign with the current sequence number and persist before anything is sent.</summary>
    Sign = 1,

    /// <summary>A signature is alive: send the very same bytes (again).</summary>
    Broadcast = 2,

    /// <summary>The wallet took the message and the contract has not shown its effect yet, or an old wallet's signature may still be alive: only look again.</summary>
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

    /// <summary>
    /// Whether a signature that is given up may, against all likelihood, still reach the contract: another wallet's, or one that the
    /// wallet took and whose end nobody has seen. The contract pays a batch once, so the same batch may be signed again; but its entries
    /// must never go into another batch.
    /// </summary>
    public static bool LeavesDoubt(LiveSignature? signature, ChainReading chain) =>
        signature is not null && (IsOtherWallet(signature, chain) || (chain.SignerSeqno > signature.Seqno && !chain.Displaced && !chain.Refused));

    public static PayoutStep Next(LiveSignature? signature, ChainReading chain)
    {
        if (chain.Executed)
            return chain.ContentMatches ? PayoutStep.Confirm : PayoutStep.Conflict;
        if (signature is null)
            return PayoutStep.Sign;
        var overdue = chain.ChainTime > signature.ValidUntil + DeliverySeconds;

        // Another wallet's number says nothing about this signature. Only its own deadline ends it, and what it sent just before.
        if (IsOtherWallet(signature, chain))
            return overdue ? PayoutStep.Sign : PayoutStep.Wait;
        if (chain.SignerSeqno > signature.Seqno)
            return chain.Displaced ? PayoutStep.Sign : chain.Refused || overdue ? PayoutStep.Failed : PayoutStep.Wait;
        return chain.ChainTime > signature.ValidUntil ? PayoutStep.Sign : PayoutStep.Broadcast;
    }

    private static bool IsOtherWallet(LiveSignature signature, ChainReading chain) => chain.Signer is { } now && signature.Signer is { } then && now != then;
}
