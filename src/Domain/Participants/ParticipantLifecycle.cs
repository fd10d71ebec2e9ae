namespace CocoonPool.Domain.Participants;

/// <summary><c>registered → active ⇄ suspended → withdrawing → withdrawn</c>.</summary>
public enum ParticipantState
{
    /// <summary>Known, but the stake does not reach the tier of the GPUs yet.</summary>
    Registered = 0,
    Active = 1,

    /// <summary>Earns nothing until the suspension is lifted.</summary>
    Suspended = 2,

    /// <summary>The whole stake is on its way out; it can still be slashed.</summary>
    Withdrawing = 3,
    Withdrawn = 4,
}

public enum ParticipantCommand
{
    StakeReachedTier = 0,
    StakeFellBelowTier = 1,
    Suspend = 2,
    Unsuspend = 3,
    RequestFullWithdrawal = 4,
    CancelWithdrawal = 5,
    CompleteWithdrawal = 6,
}

/// <summary>
/// The life of a participant. The two stake commands are facts that may be reported again, so where they change nothing
/// they are accepted. A suspension is lifted by <see cref="ParticipantCommand.Unsuspend"/> alone: a top-up must not buy
/// off a suspension that an operator ordered; whoever knows that the stake was the only cause unsuspends after the top-up.
/// </summary>
public static class ParticipantLifecycle
{
    /// <param name="beforeWithdrawal">
    /// The state in which the full withdrawal was requested; a cancelled one returns there. Without it a cancellation ends
    /// in <see cref="ParticipantState.Suspended"/>, because requesting and cancelling must never lift a suspension.
    /// </param>
    public static Transition<ParticipantState> Apply(
        ParticipantState state,
        ParticipantCommand command,
        ParticipantState beforeWithdrawal = ParticipantState.Suspended) => (state, command) switch
    {
        (ParticipantState.Registered or ParticipantState.Active, ParticipantCommand.StakeReachedTier) =>
            Transition.Accept(state, ParticipantState.Active),
        (ParticipantState.Active or ParticipantState.Suspended, ParticipantCommand.StakeFellBelowTier) =>
            Transition.Accept(state, ParticipantState.Suspended),
        (ParticipantState.Withdrawing, ParticipantCommand.StakeFellBelowTier) => Transition.Accept(state, state),
        (ParticipantState.Active, ParticipantCommand.Suspend) => Transition.Accept(state, ParticipantState.Suspended),
        (ParticipantState.Suspended, ParticipantCommand.Unsuspend) => Transition.Accept(state, ParticipantState.Active),
        (ParticipantState.Registered or ParticipantState.Active or ParticipantState.Suspended, ParticipantCommand.RequestFullWithdrawal) =>
            Transition.Accept(state, ParticipantState.Withdrawing),
        (ParticipantState.Withdrawing, ParticipantCommand.CancelWithdrawal)
            when beforeWithdrawal is ParticipantState.Registered or ParticipantState.Active or ParticipantState.Suspended =>
            Transition.Accept(state, beforeWithdrawal),
        (ParticipantState.Withdrawing, ParticipantCommand.CompleteWithdrawal) => Transition.Accept(state, ParticipantState.Withdrawn),
        _ => Transition.Refuse(state, RefusalOf(state, command)),
    };

    private static string RefusalOf(ParticipantState state, ParticipantCommand command) => (state, command) switch
    {
        (ParticipantState.Withdrawn, _) => "participant_withdrawn",
        (ParticipantState.Withdrawing, ParticipantCommand.RequestFullWithdrawal) => "participant_already_withdrawing",
        (ParticipantState.Withdrawing, ParticipantCommand.CancelWithdrawal) => "participant_had_no_such_state",
        (_, ParticipantCommand.CancelWithdrawal or ParticipantCommand.CompleteWithdrawal) => "participant_not_withdrawing",
        (ParticipantState.Withdrawing, _) => "participant_withdrawing",
        (ParticipantState.Suspended, ParticipantCommand.Suspend) => "participant_already_suspended",
        (ParticipantState.Suspended, ParticipantCommand.StakeReachedTier) => "participant_suspended",
        (_, ParticipantCommand.Unsuspend) => "participant_not_suspended",
        (ParticipantState.Registered, ParticipantCommand.Suspend or ParticipantCommand.StakeFellBelowTier) => "participant_not_active",
        _ => "participant_command_unknown",
    };
}
