using CocoonPool.Settlement.Tests.Chaos;
using CocoonPool.Settlement.Tests.Host;

namespace CocoonPool.Settlement.Tests;

/// <summary>The judges are judged: each bug that is planted in the tests' own silo must be seen within a few schedules.</summary>
public sealed class DeliberateBugTests
{
    private const int Schedules = 8;

    [Theory]
    [InlineData(DeliberateBug.SendBeforePersist, "bytes were sent that are not stored")]
    [InlineData(DeliberateBug.AcceptedIsPaid, "missing:")]
    [InlineData(DeliberateBug.TwoLiveSignatures, "two live signatures")]
    public async Task Judge_WhenTheSiloHasABug_Objects(DeliberateBug bug, string words)
    {
        await using var lane = await Lane.Start(bug);
        for (var seed = 1; seed <= Schedules; seed++)
        {
            var result = await lane.Run(FaultSchedule.From(seed), TimeSpan.FromSeconds(45));
            if (result.Objections.Count == 0)
                continue;
            await Console.Out.WriteLineAsync($"{bug}: {result.Objections[0]} (seed {seed})");
            result.Objections.ShouldContain(o => o.Contains(words, StringComparison.Ordinal), result.ToString());
            lane.Forget();
            return;
        }

        Assert.Fail($"Nobody noticed {bug} in {Schedules} schedules.");
    }
}
