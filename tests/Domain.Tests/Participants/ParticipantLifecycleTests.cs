using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class ParticipantLifecycleTests
{
    public static TheoryData<ParticipantState, ParticipantCommand, string> Answers => Table.Read<ParticipantState, ParticipantCommand>(
        """
        StakeReachedTier:      Registered→Active Active→Active Suspended✗participant_suspended Withdrawing✗participant_withdrawing Withdrawn✗participant_withdrawn
        StakeFellBelowTier:    Registered✗participant_not_active Active→Suspended Suspended→Suspended Withdrawing→Withdrawing Withdrawn✗participant_withdrawn
        Suspend:               Registered✗participant_not_active Active→Suspended Suspended✗participant_already_suspended Withdrawing✗participant_withdrawing Withdrawn✗participant_withdrawn
        Unsuspend:             Registered✗participant_not_suspended Active✗participant_not_suspended Suspended→Active Withdrawing✗participant_withdrawing Withdrawn✗participant_withdrawn
        RequestFullWithdrawal: Registered→Withdrawing Active→Withdrawing Suspended→Withdrawing Withdrawing✗participant_already_withdrawing Withdrawn✗participant_withdrawn
        CancelWithdrawal:      Registered✗participant_not_withdrawing Active✗participant_not_withdrawing Suspended✗participant_not_withdrawing Withdrawing→Suspended Withdrawn✗participant_withdrawn
        CompleteWithdrawal:    Registered✗participant_not_withdrawing Active✗participant_not_withdrawing Suspended✗participant_not_withdrawing Withdrawing→Withdrawn Withdrawn✗participant_withdrawn
        """);

    [Theory]
    [MemberData(nameof(Answers))]
    public void Participant_InEveryState_AnswersEveryCommandAsTheTableSays(ParticipantState state, ParticipantCommand command, string expected) =>
        ParticipantLifecycle.Apply(state, command).ShouldAnswer(state, expected);

    [Theory]
    [InlineData(ParticipantState.Registered)]
    [InlineData(ParticipantState.Active)]
    [InlineData(ParticipantState.Suspended)]
    public void CancelWithdrawal_ReturnsToTheStateInWhichItWasRequested(ParticipantState before) =>
        ParticipantLifecycle.Apply(ParticipantState.Withdrawing, ParticipantCommand.CancelWithdrawal, before).ShouldAnswer(ParticipantState.Withdrawing, $"to {before}");

    [Theory]
    [InlineData(ParticipantState.Withdrawing)]
    [InlineData(ParticipantState.Withdrawn)]
    public void CancelWithdrawal_WhenTheStateBeforeCannotHaveBeen_IsRefused(ParticipantState before) =>
        ParticipantLifecycle.Apply(ParticipantState.Withdrawing, ParticipantCommand.CancelWithdrawal, before).Refusal.ShouldBe("participant_had_no_such_state");

    [Fact]
    public void Suspension_IsNotLiftedByRequestingAndCancellingAWithdrawal()
    {
        var requested = ParticipantLifecycle.Apply(ParticipantState.Suspended, ParticipantCommand.RequestFullWithdrawal);
        var cancelled = ParticipantLifecycle.Apply(requested.To, ParticipantCommand.CancelWithdrawal, requested.From);
        ParticipantLifecycle.Apply(cancelled.To, ParticipantCommand.StakeReachedTier).Refusal.ShouldBe("participant_suspended");
    }

    [Fact]
    public void Command_ThatDoesNotExist_IsRefusedByName() =>
        ParticipantLifecycle.Apply(ParticipantState.Active, (ParticipantCommand)99).Refusal.ShouldBe("participant_command_unknown");
}
