using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Pool;

/// <summary>Something that happened and that somebody wants to be told of.</summary>
/// <param name="Id">Stable over repeats, such as <c>slash/ab12/opened</c>.</param>
/// <param name="Type">Such as <c>slash_opened</c> or <c>payout_address_changed</c>.</param>
/// <param name="Participant">Whom it concerns; null when it concerns all.</param>
/// <param name="Data">JSON.</param>
public sealed record PoolEvent(string Id, DateTimeOffset At, string Type, TonAddress? Participant, string Data);

/// <summary>The journal of a pool's events, from which participants, consoles and webhooks are told.</summary>
public interface IPoolEvents
{
    /// <summary>Writes it down; one with this id that is there already stays as it is.</summary>
    Task Append(string poolId, PoolEvent happened, CancellationToken cancellationToken = default);

    /// <summary>A participant's newest events.</summary>
    /// <param name="without">Kinds that are left out.</param>
    Task<IReadOnlyList<PoolEvent>> List(string poolId, TonAddress participant, int limit, IReadOnlyList<string>? without = null, CancellationToken cancellationToken = default);
}
