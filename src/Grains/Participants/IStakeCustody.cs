using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>A stake that is to leave the pool's custody. Participant and withdrawal name it, so that asking twice sends once.</summary>
public sealed record StakeRelease(TonAddress Participant, string WithdrawalId, TonAddress To, Nanotons Amount, DateTimeOffset WantedAt);

/// <summary>
/// Whoever holds the stakes on chain. The books have held the amount before this is asked; they let it go only when it answers with
/// the payment's transaction.
/// </summary>
public interface IStakeCustody
{
    /// <summary>Asks for the payment, once however often it is called, and answers its transaction as soon as there is one.</summary>
    Task<string?> Release(string poolId, StakeRelease release, CancellationToken cancellationToken = default);
}
