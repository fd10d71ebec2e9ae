using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Bench.Results;

namespace CocoonPool.Bench.Tests;

public class ComparisonTests
{
    private static readonly Machine Large = Samples.Small with { Processor = "a large one", Cores = 64 };

    [Fact]
    public void Between_LooksAtRatios_WhateverTheMachine()
    {
        var change = Compare(Samples.HotAccount("old", 100, 10), Samples.HotAccount("new", 1000, 200), Large);
        change.Of.ShouldBe("ratio");
        change.Better!.Value.ShouldBe(-0.5, 1e-9);
        change.IsRegression.ShouldBeTrue();
    }

    [Theory]
    [InlineData(84, false)]
    [InlineData(83, true)]
    [InlineData(200, false)]
    public void Between_OnALikeMachine_LooksAtFigures(double now, bool regression) =>
        Compare(Samples.Calls("old", 100), Samples.Calls("new", now), Samples.Small).IsRegression.ShouldBe(regression);

    [Fact]
    public void Between_ForTimes_MoreIsWorse() =>
        Compare(Start("old", 5), Start("new", 6.1), Samples.Small).IsRegression.ShouldBeTrue();

    [Fact]
    public void Between_OnAnotherMachine_DoesNotCompareFigures()
    {
        var change = Compare(Samples.Calls("old", 100), Samples.Calls("new", 1), Large);
        change.Better.ShouldBeNull();
        change.IsRegression.ShouldBeFalse();
    }

    [Fact]
    public void Between_WhenAConditionBroke_IsARegression() =>
        Compare(Samples.HotAccount("old", 100, 10), Samples.HotAccount("new", 100, 10) with { Broken = "2 deadlocks" }, Samples.Small).IsRegression.ShouldBeTrue();

    [Fact]
    public void Between_ARowThatIsNew_SaysSo() =>
        Compare(Samples.Calls("old", 100), Samples.Calls("new", 1, "orleans"), Samples.Small).WhyNot.ShouldBe("not in the older file");

    private static Result Start(string run, double seconds) => Samples.Of(Goal.Start, run, "local", new Sample([seconds]), null);

    private static Change Compare(Result before, Result now, Machine machine) =>
        Comparison.Between(ResultsFile.Empty.With(Samples.Run("old", 1), [before]), machine, [now], tolerance: 0.2).ShouldHaveSingleItem();
}
