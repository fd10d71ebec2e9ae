using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Settlement;

/// <summary>
/// The process that holds the signing keys and speaks TON. The pool asks it to sign and to look; it never sees a key.
/// Every method throws <see cref="ChainGatewayException"/> when the gateway refuses or can not be reached.
/// </summary>
public interface IChainGateway
{
    Task<SignerReading> Signer(CancellationToken cancellationToken = default);

    Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default);

    Task<SignedMessage> SignPayBatch(EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default);

    /// <summary>Lets entries be claimed that were planned to be sent; 1 to <see cref="PayoutPlan.MaxReleased"/> of them.</summary>
    Task<SignedMessage> SignReleaseClaims(EpochNumber epoch, IReadOnlyList<int> indexes, long seqno, long validUntil, CancellationToken cancellationToken = default);

    /// <summary>Sends the bytes. Sending the same bytes again is always safe. False with a reason when the chain turned them down.</summary>
    Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default);

    /// <summary>What became of a signed message.</summary>
    Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default);

    /// <summary>The epoch as the distribution contract knows it at a committed block.</summary>
    Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default);

    Task<DistributionReading> Distribution(CancellationToken cancellationToken = default);

    /// <summary>Payments that arrived at an address after a logical time, ascending.</summary>
    Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default);

    /// <summary>The message with which an entry is claimed, and whether the contract would pay it now. Nothing is signed.</summary>
    Task<ClaimMessage> PrepareClaim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof, CancellationToken cancellationToken = default);

    Task<ChainHealth> Health(CancellationToken cancellationToken = default);
}

public sealed record SignerReading(TonAddress Address, long Seqno, Nanotons Balance, long ChainTime, long MasterchainSeqno);

public sealed record SignedMessage(string Boc, string Hash);

/// <param name="Refused">Its transaction is on chain and failed; it can have no effect any more.</param>
/// <param name="Reason">The cause in words, if it is known.</param>
/// <param name="ExitCode">With which the wallet or the contract refused it.</param>
/// <param name="Unknown">The wallet has no transaction with it, as of the block in which its next number is <paramref name="SignerSeqno"/>. If that is past the message's, it never will.</param>
public sealed record MessageFate(bool Refused, string? Reason, int? ExitCode = null, bool Unknown = false, long SignerSeqno = 0);

/// <param name="ClaimFrom">Entries from this index on are claimed; null when all are sent.</param>
public sealed record OpenEpochMessage(EpochNumber Epoch, Nanotons Total, Nanotons Fee, int Count, byte[] MerkleRoot, byte[] BundleHash, int? ClaimFrom = null);

public sealed record EpochOnChain(long ChainTime, bool Opened, Nanotons Total, Nanotons Fee, byte[] MerkleRoot, byte[] BundleHash, IReadOnlyList<BatchOnChain> Batches)
{
    /// <summary>Entries from this index on are claimed.</summary>
    public int? ClaimFrom { get; init; }

    /// <summary>Entries before that which may be claimed all the same.</summary>
    public IReadOnlyList<int> Released { get; init; } = [];

    public IReadOnlyList<ClaimOnChain> Claimed { get; init; } = [];

    /// <summary>Paid in full and pruned from the contract's state, which shows nothing else of it.</summary>
    public bool Forgotten { get; init; }

    /// <summary>What opening it cost; null while its transaction is not found.</summary>
    public CommandOnChain? Opening { get; init; }
}

/// <summary>The transaction that carried a command out.</summary>
/// <param name="NetworkFee">With the wallet's own transaction and the messages between.</param>
public sealed record CommandOnChain(string TransactionHash, Nanotons NetworkFee);

/// <param name="TransactionHash">Null for a moment: the state shows a claim before its transaction is found.</param>
public sealed record ClaimOnChain(int Index, string? TransactionHash);

public sealed record BatchOnChain(int Index, byte[] ListHash, string? TransactionHash, Nanotons? NetworkFee);

/// <param name="Value">What to send with it; what is not used for fees comes back.</param>
/// <param name="Body">Base64.</param>
/// <param name="Reason">Why the contract would not pay it.</param>
public sealed record ClaimMessage(TonAddress To, Nanotons Value, string Body, bool Payable, string? Reason);

/// <param name="Reserved">What open epochs still owe, shares and fees.</param>
/// <param name="Operator">The wallet that the contract obeys; null when it is not known.</param>
public sealed record DistributionReading(TonAddress Address, Nanotons Balance, Nanotons Reserved, TonAddress? Operator = null);

/// <param name="Aborted">The receiving contract ran and failed: the coins did not stay.</param>
/// <param name="Vault">Set only where the worker's own vault forwarded it.</param>
public sealed record IncomingPayment(
    long LogicalTime, string TransactionHash, TonAddress From, TonAddress To, Nanotons Amount, string? Comment, bool Aborted, DateTimeOffset At, VaultPayment? Vault = null);

/// <summary>What a worker's vault forwarded, and for what.</summary>
/// <param name="Worker">The worker's number in the vault's state, lower-case hex.</param>
/// <param name="QueryId">Joins a Cocoon payout to the worker's tokens; zero if it named none.</param>
/// <param name="IsCocoonPayout">False for coins that came to the vault without a story.</param>
/// <param name="PaidBy">Who paid the vault.</param>
public sealed record VaultPayment(string Worker, ulong QueryId, bool IsCocoonPayout, TonAddress PaidBy);

public sealed record ChainHealth(bool Ok, long LagSeconds, Nanotons SignerBalance);

/// <summary>The gateway refused, or could not be reached.</summary>
/// <param name="code">The gateway's code, or <c>unreachable</c>.</param>
public sealed class ChainGatewayException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    /// <summary>With the code <c>entry_refused</c>: the places in the list of the entries that are never signed, with the reason of each.</summary>
    public IReadOnlyDictionary<int, string> RefusedEntries { get; init; } = new Dictionary<int, string>();
}
