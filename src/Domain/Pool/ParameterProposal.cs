namespace CocoonPool.Domain.Pool;

/// <summary><c>waiting → applied | cancelled | failed</c>.</summary>
public enum ProposalState
{
    Waiting = 0,
    Applied = 1,
    Cancelled = 2,

    /// <summary>Its time came and it did not fit the parameters of that time any more.</summary>
    Failed = 3,
}

public enum ProposalCommand
{
    Cancel = 0,
    Apply = 1,
}

/// <summary>The life of a proposed change: it waits out the timelock that was in force when it was made, and can be cancelled until then.</summary>
public static class ProposalLifecycle
{
    /// <param name="fits">Whether the parameters are valid with the change in them; asked only when it is applied.</param>
    public static Transition<ProposalState> Apply(ProposalState state, ProposalCommand command, DateTimeOffset appliesAt, DateTimeOffset now, bool fits) => (state, command) switch
    {
        (ProposalState.Waiting, ProposalCommand.Cancel) => Transition.Accept(state, ProposalState.Cancelled),
        (ProposalState.Waiting, ProposalCommand.Apply) when now < appliesAt => Transition.Refuse(state, "proposal_not_due"),
        (ProposalState.Waiting, ProposalCommand.Apply) => Transition.Accept(state, fits ? ProposalState.Applied : ProposalState.Failed),
        (ProposalState.Cancelled, ProposalCommand.Cancel) => Transition.Accept(state, state),
        (ProposalState.Applied, _) => Transition.Refuse(state, "proposal_already_applied"),
        (ProposalState.Cancelled, _) => Transition.Refuse(state, "proposal_cancelled"),
        (ProposalState.Failed, _) => Transition.Refuse(state, "proposal_failed"),
        _ => Transition.Refuse(state, "proposal_command_unknown"),
    };
}
