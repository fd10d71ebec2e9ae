using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Pool;

/// <summary>Whom a kind of event is told.</summary>
public enum EventAudience
{
    /// <summary>Also strangers: it says nothing that the public pages do not.</summary>
    Everybody = 0,

    /// <summary>Those who read everything of the pool.</summary>
    Readers = 1,

    /// <summary>The participant whom it concerns, and those who read participants' data.</summary>
    Participant = 2,
}

/// <param name="Name">As webhooks and feeds have it, such as <c>slash_opened</c>.</param>
public sealed record EventKind(string Name, EventAudience Audience);

/// <summary>Every kind of event that the pool tells of. The journal takes no other: nobody could ask for it.</summary>
public static class EventKinds
{
    private static readonly Dictionary<string, EventKind> ByName = new EventKind[]
    {
        new("epoch_finalized", EventAudience.Everybody),
        new("reward_distributed", EventAudience.Everybody),
        new("parameters_changed", EventAudience.Everybody),
        new("maintenance_announced", EventAudience.Everybody),
        new("maintenance_running", EventAudience.Everybody),
        new("maintenance_ended", EventAudience.Everybody),
        new("maintenance_cancelled", EventAudience.Everybody),
        new("participant_registered", EventAudience.Participant),
        new("participant_state_changed", EventAudience.Participant),
        new("payout_address_changed", EventAudience.Participant),
        new("payout_held", EventAudience.Participant),
        new("stake_withdrawal", EventAudience.Participant),
        new("slash_opened", EventAudience.Participant),
        new("slash_appealed", EventAudience.Participant),
        new("slash_final", EventAudience.Participant),
        new("slash_voided", EventAudience.Participant),
        new("approval_executed", EventAudience.Readers),
        new("settlement_underfunded", EventAudience.Readers),
        new("settlement_stopped", EventAudience.Readers),
    }.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<EventKind> All => ByName.Values;

    /// <summary>Null when there is no such kind.</summary>
    public static EventKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <param name="participant">Whom the event concerns; null when it concerns all.</param>
    /// <exception cref="ArgumentException">It is no kind of event, or one about a participant that names none, or the other way round: a mistake of whoever tells it.</exception>
    public static void MustFit(string name, TonAddress? participant)
    {
        if (Find(name) is not { } kind || (kind.Audience == EventAudience.Participant) != (participant is not null))
            throw new ArgumentException($"'{name}' {(participant is null ? "without" : "with")} a participant is no event that the pool tells of.", nameof(name));
    }
}
