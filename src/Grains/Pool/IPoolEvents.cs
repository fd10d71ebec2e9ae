using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

/// <summary>Something that happened and that somebody wants to be told of.</summary>
/// <param name="Id">Stable over repeats, such as <c>slash/ab12/opened</c>.</param>
/// <param name="Type">The name of one of <see cref="EventKinds"/>.</param>
/// <param name="Participant">Whom it concerns; null when it concerns all.</param>
/// <param name="Data">A JSON object as the API writes it (<see cref="DomainJson.Told"/>): it is handed on as it is.</param>
public sealed record PoolEvent(string Id, DateTimeOffset At, string Type, TonAddress? Participant, string Data);

/// <summary>
/// The journal of a pool's events, from which participants, feeds and webhooks are told. Stores that write what happened in a transaction
/// of their own (slashes, epochs, approvals, the first row of a participant) write the event in the same one.
/// </summary>
public interface IPoolEvents
{
    /// <summary>Writes it down; one with this id that is there already stays as it is.</summary>
    /// <exception cref="ArgumentException">It is of a kind that the pool does not tell of (<see cref="EventKinds.MustFit"/>).</exception>
    Task Append(string poolId, PoolEvent happened, CancellationToken cancellationToken = default);

    /// <summary>A participant's newest events.</summary>
    /// <param name="without">Kinds that are left out.</param>
    Task<IReadOnlyList<PoolEvent>> List(string poolId, TonAddress participant, int limit, IReadOnlyList<string>? without = null, CancellationToken cancellationToken = default);
}
