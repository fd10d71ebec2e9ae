using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Tests.Workers;

public class WorkerLifecycleTests
{
    public static TheoryData<WorkerState, WorkerCommand, string> Answers => Table.Read<WorkerState, WorkerCommand>(
        """
        Attest:            Registered→Attested Attested→Attested Active→Active Degraded→Degraded Inactive→Inactive Draining→Draining Drained→Drained Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Activate:          Registered✗worker_not_attested Attested→Active Active✗worker_already_active Degraded✗worker_already_active Inactive✗worker_inactive Draining→Active Drained→Active Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Connect:           Registered✗worker_not_inactive Attested✗worker_not_inactive Active✗worker_not_inactive Degraded✗worker_not_inactive Inactive→Active Draining✗worker_not_inactive Drained✗worker_not_inactive Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        MissHeartbeats:    Registered✗worker_not_serving Attested✗worker_not_serving Active→Inactive Degraded→Inactive Inactive✗worker_already_inactive Draining→Drained Drained✗worker_not_serving Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Degrade:           Registered✗worker_not_active Attested✗worker_not_active Active→Degraded Degraded✗worker_already_degraded Inactive✗worker_not_active Draining✗worker_not_active Drained✗worker_not_active Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Recover:           Registered✗worker_not_degraded Attested✗worker_not_degraded Active✗worker_not_degraded Degraded→Active Inactive✗worker_not_degraded Draining✗worker_not_degraded Drained✗worker_not_degraded Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Drain:             Registered✗worker_not_serving Attested✗worker_not_serving Active→Draining Degraded→Draining Inactive→Draining Draining✗worker_already_draining Drained✗worker_already_drained Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        DrainComplete:     Registered✗worker_not_draining Attested✗worker_not_draining Active✗worker_not_draining Degraded✗worker_not_draining Inactive✗worker_not_draining Draining→Drained Drained✗worker_not_draining Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        Deactivate:        Registered→Deactivated Attested→Deactivated Active✗worker_not_drained Degraded✗worker_not_drained Inactive→Deactivated Draining✗worker_not_drained Drained→Deactivated Deactivated✗worker_deactivated Quarantined→Deactivated
        Quarantine:        Registered→Quarantined Attested→Quarantined Active→Quarantined Degraded→Quarantined Inactive→Quarantined Draining→Quarantined Drained→Quarantined Deactivated✗worker_deactivated Quarantined✗worker_already_quarantined
        Release:           Registered✗worker_not_quarantined Attested✗worker_not_quarantined Active✗worker_not_quarantined Degraded✗worker_not_quarantined Inactive✗worker_not_quarantined Draining✗worker_not_quarantined Drained✗worker_not_quarantined Deactivated✗worker_deactivated Quarantined→Registered
        RejectAttestation: Registered→Quarantined Attested→Quarantined Active→Quarantined Degraded→Quarantined Inactive→Quarantined Draining→Quarantined Drained→Quarantined Deactivated✗worker_deactivated Quarantined✗worker_quarantined
        """);

    [Theory]
    [MemberData(nameof(Answers))]
    public void Worker_InEveryState_AnswersEveryCommandAsTheTableSays(WorkerState state, WorkerCommand command, string expected) =>
        WorkerLifecycle.Apply(state, command).ShouldAnswer(state, expected);

    [Fact]
    public void Worker_NeverServesBeforeItWasAttested()
    {
        // From registration, no sequence of commands without Attest leads to a state that takes traffic.
        var reached = new HashSet<WorkerState> { WorkerState.Registered };
        var open = new Queue<WorkerState>(reached);
        while (open.TryDequeue(out var state))
        {
            foreach (var command in Enum.GetValues<WorkerCommand>().Where(command => command != WorkerCommand.Attest))
            {
                var transition = WorkerLifecycle.Apply(state, command);
                if (transition.Accepted && reached.Add(transition.To))
                    open.Enqueue(transition.To);
            }
        }

        reached.Order().ShouldBe([WorkerState.Registered, WorkerState.Deactivated, WorkerState.Quarantined]);
    }

    [Fact]
    public void Command_ThatDoesNotExist_IsRefusedByName() =>
        WorkerLifecycle.Apply(WorkerState.Active, (WorkerCommand)99).Refusal.ShouldBe("worker_command_unknown");

    [Theory]
    [InlineData("gpu-1", true)]
    [InlineData("a.b_c-9", true)]
    [InlineData("9aa", true)]
    [InlineData("ab", false)]
    [InlineData("-ab", false)]
    [InlineData("gpu 1", false)]
    [InlineData("gpu/1", false)]
    [InlineData("Gpu-1", false)]
    [InlineData(null, false)]
    public void WorkerId_AcceptsOnlyItsAlphabet(string? text, bool accepted) => WorkerId.TryParse(text, out _).ShouldBe(accepted);
}
