using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>What one listener to <c>/ws/events</c> says.</summary>
/// <param name="Action"><c>subscribe</c>, which replaces what was subscribed to, or <c>unsubscribe</c> alone.</param>
/// <param name="Events">Names of <see cref="EventKinds"/>; null for all that the listener may hear.</param>
/// <param name="Participant">Only events about this one.</param>
/// <param name="After">Begin after the event with this position; null to begin now.</param>
/// <param name="Overview">False to be sent no pictures of the pool any more.</param>
public sealed record EventWish(string Action, string[]? Events = null, string? Participant = null, long? After = null, bool Overview = true)
{
    /// <summary>Reads a message. Exactly one of the selection, the refusal and nothing at all (to unsubscribe) comes out.</summary>
    public static (EventSelection? Selection, (string Code, string Message)? Refusal) Read(ReadOnlyMemory<byte> message, EventListener listener, PoolSettings settings)
    {
        EventWish? wish;
        try
        {
            wish = JsonSerializer.Deserialize<EventWish>(message.Span, ApiJson.Options);
        }
        catch (JsonException)
        {
            wish = null;
        }
        if (wish is { Action: "unsubscribe", Events: null, Participant: null, After: null, Overview: true })
            return default;
        var (about, unreadable) = (default(TonAddress), default(string));
        if (wish?.Participant is { } text && !TonAddress.TryParse(text, settings.Network, out about, out var problem))
            unreadable = problem;
        (string, string)? refusal = wish switch
        {
            null => ("invalid_request", "Say {\"action\":\"subscribe\",\"events\":[\"epoch_finalized\"]}."),
            { Action: not "subscribe" } => ("invalid_request", "action is subscribe, or unsubscribe alone."),
            { Events: { } names } when names.Length == 0 || Array.Exists(names, name => name is null || EventKinds.Find(name) is null) =>
                ("invalid_request", $"events are some of {string.Join(", ", EventKinds.All.Where(listener.MayAskFor).Select(kind => kind.Name))}."),
            { Events: { } names } when names.Distinct(StringComparer.Ordinal).Count() < names.Length => ("invalid_request", "events names one event twice."),
            { Events: { } names } when Array.Find(names, name => !listener.MayAskFor(EventKinds.Find(name)!)) is { } hidden => ("forbidden", $"You may not be told of {hidden}."),
            { After: < 0 } => ("invalid_request", "after is the position of an event or of the answer to subscribe."),
            _ when unreadable is not null => ("invalid_request", unreadable),
            { Participant: not null } when !listener.MayAskFor(about) => ("forbidden", "You may not be told of this participant."),
            _ => null,
        };
        if (refusal is not null)
            return (null, refusal);
        var kinds = wish!.Events is null ? EventKinds.All.Where(listener.MayAskFor) : wish.Events.Select(name => EventKinds.Find(name)!);
        return (new([.. kinds], wish.Participant is null ? null : about, wish.After, wish.Overview, listener), null);
    }
}

/// <summary>What a listener subscribed to, and may hear.</summary>
/// <param name="About">Only events about this participant; null for those about anybody and about the pool.</param>
/// <param name="After">See <see cref="EventWish"/>.</param>
public sealed record EventSelection(IReadOnlyList<EventKind> Kinds, TonAddress? About, long? After, bool Overview, EventListener Listener)
{
    public bool Has(FeedEvent told) =>
        told.Kind is { } kind && Kinds.Contains(kind) && (About is null || About == told.Participant) && Listener.MayHear(kind, told.Participant);
}
