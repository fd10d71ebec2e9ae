using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Settlement;

/// <summary>Payouts to one participant are stopped, because somebody, or the reconciliation, found a difference.</summary>
/// <param name="Reason">1 to 200 characters.</param>
/// <param name="By">Who stopped them.</param>
public sealed record PayoutFreeze(TonAddress Participant, string Reason, string By, DateTimeOffset At);

/// <summary>
/// Whose payouts are stopped. It holds for everything that is not signed yet: plans withhold the participant's entries, and batches are
/// made anew without them. A message that is on its way can not be called back.
/// </summary>
public interface IPayoutFreezes
{
    /// <summary>Freezes, or leaves the freeze that is there as it is. True when it is new.</summary>
    Task<bool> Freeze(string poolId, PayoutFreeze freeze, CancellationToken cancellationToken = default);

    /// <summary>Ends it; what is withheld is then released for claiming. False when there is none.</summary>
    Task<bool> Lift(string poolId, TonAddress participant, string by, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>The freezes in force, oldest first.</summary>
    Task<IReadOnlyList<PayoutFreeze>> List(string poolId, CancellationToken cancellationToken = default);
}
