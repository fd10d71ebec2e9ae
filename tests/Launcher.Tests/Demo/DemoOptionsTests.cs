using CocoonPool.Client.Launcher.Demo;

namespace CocoonPool.Launcher.Tests.Demo;

public class DemoOptionsTests
{
    [Fact]
    public void EveryMistake_IsReportedAtOnce()
    {
        var mistakes = new DemoOptions(13, 0, [], Keep: false).Mistakes();
        mistakes.Count.ShouldBe(3);
        mistakes[0].ShouldStartWith("--participants 13:");
        mistakes[1].ShouldStartWith("--requests 0:");
        mistakes[2].ShouldStartWith("--models:");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(12, 100_000)]
    public void WhatIsAllowed_IsNoMistake(int participants, int requests) =>
        new DemoOptions(participants, requests, ["m"], Keep: true).Mistakes().ShouldBeEmpty();

    [Theory]
    [InlineData(0, 1, "--participants")]
    [InlineData(1, 100_001, "--requests")]
    public void EachBound_IsHeld(int participants, int requests, string option) =>
        new DemoOptions(participants, requests, ["m"], Keep: false).Mistakes().ShouldHaveSingleItem().ShouldStartWith(option);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(12, 6)]
    public void Batches_AreTwo_UnlessOneIsPaidAlone(int participants, int size) => new DemoOptions(participants, 1, ["m"], Keep: false).BatchSize.ShouldBe(size);

    [Fact]
    public void Names_SufficeForTheLargestDemo() =>
        Enumerable.Range(0, 12).Select(DemoMember.NameOf).Distinct(StringComparer.Ordinal).Count().ShouldBe(12);

    [Fact]
    public void Prompts_AreManyAndAllDifferent()
    {
        var prompts = Prompts.Load();
        prompts.Count.ShouldBeGreaterThanOrEqualTo(60);
        prompts.ShouldAllBe(prompt => prompt.Trim().Length > 0);
        prompts.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(prompts.Count);
    }
}
