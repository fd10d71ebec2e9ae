using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochLifecycleTests
{
    public static TheoryData<EpochState, EpochCommand, string> Answers => Table.Read<EpochState, EpochCommand>(
        """
        Close:              Open→Closing Closing✗epoch_already_closing Finalized✗epoch_already_closing Settling✗epoch_already_closing Settled✗epoch_already_closing
        Finalize:           Open✗epoch_not_closing Closing→Finalized Finalized✗epoch_already_finalized Settling✗epoch_already_finalized Settled✗epoch_already_finalized
        StartSettlement:    Open✗epoch_not_finalized Closing✗epoch_not_finalized Finalized→Settling Settling✗epoch_already_settling Settled✗epoch_already_settling
        CompleteSettlement: Open✗epoch_not_settling Closing✗epoch_not_settling Finalized✗epoch_not_settling Settling→Settled Settled✗epoch_already_settled
        """);

    [Theory]
    [MemberData(nameof(Answers))]
    public void Epoch_InEveryState_AnswersEveryCommandAsTheTableSays(EpochState state, EpochCommand command, string expected) =>
        EpochLifecycle.Apply(state, command).ShouldAnswer(state, expected);

    [Fact]
    public void Epochs_AreNumberedFromOneWithoutGaps()
    {
        EpochNumber.First.Value.ShouldBe(1);
        EpochNumber.First.Next.Value.ShouldBe(2);
        (EpochNumber.First < EpochNumber.First.Next).ShouldBeTrue();
        Should.Throw<OverflowException>(() => new EpochNumber(int.MaxValue).Next);
    }
}
