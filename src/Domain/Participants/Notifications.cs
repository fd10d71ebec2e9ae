namespace CocoonPool.Domain.Participants;

/// <summary>What a participant is told of, and what they may choose not to be told of.</summary>
public static class Notifications
{
    /// <summary>
    /// Kinds of events that may be muted. All others are always told: whoever got hold of an account could otherwise change where it is
    /// paid, or let the time for an appeal pass, in silence.
    /// </summary>
    public static IReadOnlyList<string> Mutable { get; } = ["participant_registered", "stake_withdrawal", "slash_appealed"];

    /// <summary>Null when exactly these may be muted; else a code.</summary>
    public static string? RefusalOf(IEnumerable<string> muted) => muted.All(kind => Mutable.Contains(kind, StringComparer.Ordinal)) ? null : "notification_not_mutable";
}
