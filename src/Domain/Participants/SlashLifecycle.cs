namespace CocoonPool.Domain.Participants;

public enum SlashCommand
{
    /// <summary>The participant objects, within the window.</summary>
    Appeal = 0,

    /// <summary>The operator takes it back.</summary>
    Void = 1,

    /// <summary>The operator confirms it against an appeal.</summary>
    Uphold = 2,

    /// <summary>The window passed without an appeal.</summary>
    LetStand = 3,
}

/// <summary>The life of a slash. The appeal window is the participant's right: not even the operator shortens it.</summary>
public static class SlashLifecycle
{
    /// <param name="appealUntil">See <see cref="Slash.AppealUntil"/>.</param>
    public static Transition<SlashState> Apply(SlashState state, SlashCommand command, DateTimeOffset appealUntil, DateTimeOffset now) => (state, command) switch
    {
        (SlashState.Final, _) => Transition.Refuse(state, "slash_final"),
        (SlashState.Voided, _) => Transition.Refuse(state, "slash_voided"),
        (_, SlashCommand.Void) => Transition.Accept(state, SlashState.Voided),
        (SlashState.Appealed, SlashCommand.Uphold) => Transition.Accept(state, SlashState.Final),
        (SlashState.Appealed, SlashCommand.Appeal) => Transition.Refuse(state, "slash_already_appealed"),
        (SlashState.Appealed, _) => Transition.Refuse(state, "slash_waits_for_ruling"),
        (_, SlashCommand.Uphold) => Transition.Refuse(state, "slash_not_appealed"),
        (_, SlashCommand.Appeal) when now < appealUntil => Transition.Accept(state, SlashState.Appealed),
        (_, SlashCommand.Appeal) => Transition.Refuse(state, "appeal_window_over"),
        (_, SlashCommand.LetStand) when now >= appealUntil => Transition.Accept(state, SlashState.Final),
        (_, SlashCommand.LetStand) => Transition.Refuse(state, "appeal_window_open"),
        _ => Transition.Refuse(state, "slash_command_unknown"),
    };
}
