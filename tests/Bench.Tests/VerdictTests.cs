using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Tests;

public class VerdictTests
{
    [Theory]
    [InlineData(21, Verdict.MeetsAim)]
    [InlineData(20, Verdict.MeetsAim)]
    [InlineData(5, Verdict.MeetsMust)]
    [InlineData(4.99, Verdict.MissesMust)]
    public void Judge_ByRatio(double ratio, Verdict verdict) => Verdicts.Judge(Goal.HotAccount, 1, ratio, null).ShouldBe(verdict);

    [Fact]
    public void Judge_WhenTheRatioHoldsButTheTimeDoesNot_BlamesTheMachine() =>
        Verdicts.Judge(Goal.AddedLatency, figure: 1.2, ratio: 2, null).ShouldBe(Verdict.MissesMustHere);

    [Fact]
    public void Judge_WhenTheRatioIsMissedToo_Misses() =>
        Verdicts.Judge(Goal.AddedLatency, figure: 1.2, ratio: 3.1, null).ShouldBe(Verdict.MissesMust);

    [Fact]
    public void Judge_WhenARatioIsWantedAndNothingWasCompared_Misses() =>
        Verdicts.Judge(Goal.HotAccount, 1_000_000, ratio: null, null).ShouldBe(Verdict.MissesMust);

    [Fact]
    public void Judge_WhenAConditionIsBroken_MissesWhateverTheFigure() =>
        Verdicts.Judge(Goal.HotAccount, 1, 100, "3 deadlocks").ShouldBe(Verdict.MissesMust);

    [Fact]
    public void Judge_ATimeThatTheMachineCannotReach_IsNoFailure() =>
        Verdicts.Judge(Goal.Start, 10, null, null).ShouldBe(Verdict.MissesMustHere);

    [Fact]
    public void Judge_AnAmount_DoesNotDependOnTheMachine() =>
        Verdicts.Judge(Goal.IdleWorker, 65, null, null).ShouldBe(Verdict.MissesMust);

    [Fact]
    public void Judge_WithoutAPromise_SaysNothing() =>
        Verdicts.Judge(new Row("x", "x", "x", Better.Lower), 1, null, null).ShouldBe(Verdict.None);

    [Fact]
    public void Goals_HaveKeysOfTheirOwn() => Goal.All.Select(goal => goal.Key).ShouldBeUnique();
}
