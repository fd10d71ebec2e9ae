using CocoonPool.Chaos.Growth;

namespace CocoonPool.Chaos.Tests.Growth;

public sealed class ServiceSeriesTests
{
    [Fact]
    public void Growth_OfSeveralLives_IsTheSlopeWithinThem()
    {
        // Two lives of ten minutes that begin at different levels and grow by 1 MiB a minute each, after a steep first minute.
        var series = new ServiceSeries("silo", [.. Life(1, 100, 1), .. Life(2, 40, 1)]);

        series.Lives.ShouldBe(2);
        series.MemoryGrowth!.Value.ShouldBe(60, tolerance: 0.001);
        series.DescriptorGrowth!.Value.ShouldBe(0, tolerance: 0.001);
    }

    [Fact]
    public void Growth_OfAShortLife_IsNotGuessed() =>
        new ServiceSeries("silo", [.. Life(1, 100, 1).Where(s => s.Age < 100)]).MemoryGrowth.ShouldBeNull();

    [Fact]
    public void Plot_HasALineForEachLife()
    {
        var svg = GrowthPlot.Draw([new("silo", [.. Life(1, 100, 1), .. Life(2, 40, 1)])]);

        svg.Split("<polyline").Length.ShouldBe(3);
        svg.ShouldContain("silo (2 starts)");
    }

    private static IEnumerable<Sample> Life(int life, double from, double perMinute) => Enumerable.Range(0, 121).Select(i =>
    {
        var age = i * 5.0;
        return new Sample(life, (life - 1) * 600 + age, age, age < 60 ? from * age / 60 : from + perMinute * age / 60, 50);
    });
}
