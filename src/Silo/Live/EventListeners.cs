using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>What callers may be told of events, by feed or webhook: what they may read by the table of permissions.</summary>
public static class EventListeners
{
    public static EventListener Listener(this HttpContext context) => context.Holder() is { } holder ? Of(holder) : EventListener.Stranger;

    private static EventListener Of(KeyHolder holder) => string.Equals(holder.Role, Permissions.ParticipantRole, StringComparison.Ordinal)
        ? EventListener.Stranger with { Self = TonAddress.TryParse(holder.Subject, TonNetwork.Local, out var self, out _) ? self : null }
        : new(Permissions.Allows(Permission.ReadAll, holder.Role), Permissions.Allows(Permission.ReadParticipant, holder.Role), Self: null);
}
