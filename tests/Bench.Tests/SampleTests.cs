using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Tests;

public class SampleTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 9 }, 3)]
    public void Median_IsTheMiddle_WhateverTheOrder(double[] rounds, double median) => new Sample(rounds).Median.ShouldBe(median);

    [Fact]
    public void Over_ComparesRoundByRound_SoThatASlowSpellOfTheMachineCancels()
    {
        var ours = new Sample([100, 10, 100]);
        var theirs = new Sample([200, 20, 200]);
        ours.Over(theirs).Rounds.ShouldBe([0.5, 0.5, 0.5]);
    }

    [Fact]
    public void Over_OfOtherRounds_IsABug() => Should.Throw<ArgumentException>(() => new Sample([1, 2]).Over(new Sample([1])));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.99, 4.96)]
    [InlineData(1, 5)]
    public void Percentile_IsLinearBetweenNeighbours(double share, double value) =>
        Sample.Percentile([5, 3, 1, 2, 4], share).ShouldBe(value, 1e-9);

    [Theory]
    [InlineData(1_234_567, "1.23 M")]
    [InlineData(45_678, "45.7 k")]
    [InlineData(123.4, "123")]
    [InlineData(0.000643, "0.000643")]
    [InlineData(0, "0")]
    public void Short_KeepsWhatMeansSomething(double value, string text) => Figures.Short(value).ShouldBe(text);
}
