using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Pool;

/// <summary>What somebody who asks for events may be told.</summary>
/// <param name="ReadsPool">Reads everything of the pool.</param>
/// <param name="ReadsParticipants">Reads the data of every participant.</param>
/// <param name="Self">The participant who listens; null for everybody else.</param>
public sealed record EventListener(bool ReadsPool, bool ReadsParticipants, TonAddress? Self)
{
    public static EventListener Stranger { get; } = new(ReadsPool: false, ReadsParticipants: false, Self: null);

    /// <summary>Whether any event of the kind could be told: whoever asks for others is better told so than left waiting.</summary>
    public bool MayAskFor(EventKind kind) => kind.Audience switch
    {
        EventAudience.Everybody => true,
        EventAudience.Readers => ReadsPool,
        EventAudience.Participant => ReadsParticipants || Self is not null,
        _ => false,
    };

    /// <summary>Whether events about this participant could be told.</summary>
    public bool MayAskFor(TonAddress participant) => ReadsParticipants || Self == participant;

    /// <param name="participant">Whom the event concerns; null when it concerns all.</param>
    public bool MayHear(EventKind kind, TonAddress? participant) =>
        MayAskFor(kind) && (kind.Audience != EventAudience.Participant || (participant is { } who && MayAskFor(who)));
}
