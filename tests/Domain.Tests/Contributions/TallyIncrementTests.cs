using CocoonPool.Domain.Contributions;

namespace CocoonPool.Domain.Tests.Contributions;

public class TallyIncrementTests
{
    private static readonly TallyIncrement One = new(1, 20, 300, 4_000, 50_000, 600_000, 7_000_000);
    private static readonly TallyIncrement Other = new(2, 30, 400, 5_000, 60_000, 700_000, 8_000_000);

    [Fact]
    public void Sum_AddsEveryFigure() => (One + Other).ShouldBe(new TallyIncrement(3, 50, 700, 9_000, 110_000, 1_300_000, 15_000_000));

    [Fact]
    public void Difference_TakesEveryFigureBack()
    {
        (One + Other - Other).ShouldBe(One);
        (One - One).IsZero.ShouldBeTrue();
        One.IsZero.ShouldBeFalse();
    }

    [Fact]
    public void Outcomes_CountForWhatTheyAre()
    {
        TallyIncrement.Of(TaskOutcome.Success, 2, 3, 4, 5, 6).ShouldBe(new TallyIncrement(3, 0, 2, 0, 4, 5, 6));
        TallyIncrement.Of(TaskOutcome.WorkerFault, 2, 3, 4, 5, 6).ShouldBe(new TallyIncrement(0, 0, 0, 2, 0, 5, 6));
        TallyIncrement.Of(TaskOutcome.ClientAborted, 2, 3, 4, 5, 6).ShouldBe(new TallyIncrement(0, 0, 0, 0, 0, 5, 6));
        TallyIncrement.OfUptime(9).ShouldBe(new TallyIncrement(0, 9, 0, 0, 0, 0, 0));
    }
}
