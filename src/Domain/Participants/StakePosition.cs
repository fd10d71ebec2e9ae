using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>A stake, and what of it is spoken for.</summary>
/// <param name="Balance">What the books hold for the participant.</param>
/// <param name="Held">Held in the ledger: by slashes that may be appealed, and by withdrawals on their way out.</param>
/// <param name="Leaving">Asked back. While a withdrawal waits, the ledger does not hold it, so that it can be slashed meanwhile.</param>
public readonly record struct StakePosition(Nanotons Balance, Nanotons Held, Nanotons Leaving)
{
    /// <summary>What can be slashed or paid out now.</summary>
    public Nanotons Available => Balance - Held;

    /// <summary>
    /// What counts for the tier: the same coins cannot be on their way out and carry GPUs. A slash counts only once it is final, so that
    /// nobody is suspended for an accusation. Never below zero.
    /// </summary>
    public Nanotons Counting => Nanotons.Max(Nanotons.Zero, Balance - Leaving);
}
