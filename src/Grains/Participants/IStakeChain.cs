using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Participants;

/// <summary>
/// The stake accounts on chain: reading them, and the operator's commands to them. What it signs is sent and looked after through
/// <see cref="IChainGateway"/>, by the same wallet as payouts. Every method throws <see cref="ChainGatewayException"/> when the gateway
/// refuses or can not be reached.
/// </summary>
public interface IStakeChain
{
    /// <summary>A participant's account at one committed block, and its movements above a logical time, oldest first.</summary>
    Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default);

    /// <param name="command">What is to be brought about.</param>
    /// <param name="suspendedUntil">Of <see cref="StakeCommandKind.Suspend"/>.</param>
    /// <param name="seqno">The wallet's; see <see cref="IChainGateway.Signer"/>.</param>
    /// <param name="validUntil">Chain time, Unix seconds.</param>
    Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default);
}

/// <param name="State">All zeros for somebody who never registered a stake.</param>
/// <param name="ExecutedSlashes">The numbers of the cases that the account has executed.</param>
/// <param name="ChainTime">Of the block.</param>
/// <param name="ReadTo">The logical time up to which the movements are complete.</param>
/// <param name="IsAll">The movements end where the state stands; false when the limit cut them.</param>
public sealed record StakeReading(
    StakeAccountState State, IReadOnlyList<ulong> ExecutedSlashes, DateTimeOffset ChainTime, IReadOnlyList<StakeMovement> Movements, long ReadTo, bool IsAll);

/// <summary>What a participant's own wallet sends to the registry and to the stake account; nothing of it is signed here.</summary>
public interface IStakeMessages
{
    /// <param name="amount">What becomes stake, or stops being it; null for the least that the registry takes.</param>
    /// <exception cref="ChainGatewayException">The gateway refuses or can not be reached.</exception>
    Task<StakeMessages> Prepare(TonAddress participant, Nanotons? amount, CancellationToken cancellationToken = default);
}

/// <param name="StakeAccount">The participant's own; it follows from the registry and the participant, and is there once they registered.</param>
/// <param name="WithdrawalDelaySeconds">How long a withdrawal waits after it was asked for.</param>
public sealed record StakeMessages(
    TonAddress Registry, TonAddress StakeAccount, bool Registered, Nanotons Stake, Nanotons MinimumStake, long WithdrawalDelaySeconds, Nanotons Amount,
    IReadOnlyList<PreparedMessage> Messages);

/// <param name="Action">Such as <c>register</c>.</param>
/// <param name="Value">What to send with it; what is neither stake nor used for fees comes back.</param>
/// <param name="Body">Base64.</param>
public sealed record PreparedMessage(string Action, TonAddress To, Nanotons Value, string Body);
