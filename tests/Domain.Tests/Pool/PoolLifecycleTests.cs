using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Pool;

public class PoolLifecycleTests
{
    public static TheoryData<PoolState, PoolCommand, string> Answers => Table.Read<PoolState, PoolCommand>(
        """
        Pause:            Active→Paused Paused✗pool_already_paused Maintenance→Paused Closed✗pool_closed
        Resume:           Active✗pool_not_paused Paused→Active Maintenance✗pool_not_paused Closed✗pool_closed
        StartMaintenance: Active→Maintenance Paused✗pool_paused Maintenance✗pool_already_in_maintenance Closed✗pool_closed
        EndMaintenance:   Active✗pool_not_in_maintenance Paused✗pool_not_in_maintenance Maintenance→Active Closed✗pool_closed
        Close:            Active→Closed Paused→Closed Maintenance→Closed Closed✗pool_closed
        """);

    [Theory]
    [MemberData(nameof(Answers))]
    public void Pool_InEveryState_AnswersEveryCommandAsTheTableSays(PoolState state, PoolCommand command, string expected) =>
        PoolLifecycle.Apply(state, command).ShouldAnswer(state, expected);

    [Fact]
    public void Command_WithTheSameWords_IsARepeat_OnlyOfTheOneBefore()
    {
        PoolLifecycle.IsRepeat(PoolCommand.Pause, "fire", PoolCommand.Pause, "fire").ShouldBeTrue();
        PoolLifecycle.IsRepeat(PoolCommand.Resume, null, PoolCommand.Resume, null).ShouldBeTrue();
        PoolLifecycle.IsRepeat(PoolCommand.Pause, "fire", PoolCommand.Pause, "flood").ShouldBeFalse();
        PoolLifecycle.IsRepeat(PoolCommand.Pause, "fire", PoolCommand.StartMaintenance, "fire").ShouldBeFalse();
        PoolLifecycle.IsRepeat(null, null, PoolCommand.Resume, null).ShouldBeFalse();
    }

    [Fact]
    public void Command_ThatDoesNotExist_IsRefusedByName() =>
        PoolLifecycle.Apply(PoolState.Active, (PoolCommand)99).Refusal.ShouldBe("pool_command_unknown");
}
