using CocoonPool.Settlement.Tests.Chaos;

namespace CocoonPool.Settlement.Tests;

public sealed class DrawingTests
{
    [Fact]
    public void From_TheSameSeed_DrawsTheSameSchedule() => $"{FaultSchedule.From(17)}".ShouldBe($"{FaultSchedule.From(17)}");

    [Fact]
    public void From_TwoThousandSeeds_DrawsAsManySchedules_EachWithADeath()
    {
        var schedules = Enumerable.Range(1, 2_000).Select(FaultSchedule.From).ToList();

        schedules.Select(s => $"{s} {s.Chain.Seed}").Distinct(StringComparer.Ordinal).Count().ShouldBe(2_000);
        schedules.ShouldAllBe(s => s.Strikes.Any(strike => strike.Harm <= Harm.KillChain));
    }
}
