using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Participants;

/// <summary>What the pool has read of the stake accounts, and what it signed for them. Each method is one database transaction.</summary>
public interface IStakeStore
{
    /// <summary>Up to which logical time a participant's account is booked; zero for one that was never read.</summary>
    Task<long> Cursor(string poolId, TonAddress participant, CancellationToken cancellationToken = default);

    /// <summary>
    /// Books the reading's movements as <see cref="StakeBooks"/> says, keeps them with the account's state, and moves the cursor, together.
    /// </summary>
    /// <param name="after">Where the reading began. When the cursor is elsewhere by now, somebody was faster and nothing is written.</param>
    /// <exception cref="Ledger.LedgerRefusedException">A slash was opened or ended at the same time; nothing was written, read again.</exception>
    Task Book(string poolId, TonAddress participant, long after, StakeReading reading, CancellationToken cancellationToken = default);

    /// <summary>The booked movements above a logical time, oldest first.</summary>
    Task<IReadOnlyList<BookedMovement>> Movements(string poolId, TonAddress participant, long afterLogicalTime, CancellationToken cancellationToken = default);

    /// <summary>Whose accounts are to be looked at: participants and everybody who has ever had a stake, by ascending address.</summary>
    /// <param name="after">Null begins anew.</param>
    Task<IReadOnlyList<TonAddress>> Holders(string poolId, TonAddress? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>The accounts that may want a command: with a suspension, a withdrawal, or a slash that takes stake; and those slashes.</summary>
    Task<(IReadOnlyList<StakeAccountState> Accounts, IReadOnlyList<Slash> Slashes)> Concerned(string poolId, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<StakeSignature>> Signatures(string poolId, CancellationToken cancellationToken = default);

    /// <summary>Stores the signed bytes before they are sent. Replaces an earlier signature for the command, which the caller has proven dead.</summary>
    Task SaveSignature(string poolId, StakeSignature signature, CancellationToken cancellationToken = default);

    /// <summary>The command's aim is reached, or its signature is dead and nobody wants it any more.</summary>
    Task ForgetSignature(string poolId, string commandId, CancellationToken cancellationToken = default);
}

/// <param name="StakeAfter">On chain after the movement.</param>
public sealed record BookedMovement(StakeMovement Movement, Domain.Ledger.Nanotons StakeAfter);

/// <param name="Boc">The signed bytes, base64.</param>
public sealed record StakeSignature(string CommandId, string Boc, string MessageHash, LiveSignature Signature);
