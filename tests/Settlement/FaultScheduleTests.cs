using System.Collections.Concurrent;
using System.Globalization;
using CocoonPool.Settlement.Tests.Chaos;
using CocoonPool.Settlement.Tests.Host;

// The schedules share the machine among themselves; nothing else runs beside them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CocoonPool.Settlement.Tests;

/// <summary>
/// The settlement of epochs of 1,000 participants over the real chain and gateway, while silo, gateway and chain are killed and messages
/// are lost, doubled, late and expired. docs/quality.md says how to run more of them, and how one is run again by its seed.
/// </summary>
public sealed class FaultScheduleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Settle_UnderAnyFaultSchedule_PaysEveryParticipantExactlyOnce()
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(Number("SETTLEMENT_SEED", 1), Number("SETTLEMENT_SCHEDULES", 100)));
        var results = new ConcurrentQueue<ScheduleResult>();
        var ends = new ConcurrentQueue<string>();
        var lanes = Enumerable.Range(0, Math.Min(Number("SETTLEMENT_LANES", 4), seeds.Count)).Select(_ => RunLane(seeds, results, ends));
        await Task.WhenAll(lanes);

        var struck = new Struck();
        foreach (var result in results)
            struck.Add(result.Struck);
        await Console.Out.WriteLineAsync($"{results.Count} schedules. Struck: {struck}");
        results.Where(r => r.Objections.Count > 0).Select(r => r.ToString()).ShouldBeEmpty();
        ends.ShouldBeEmpty();
        if (results.Count >= 100)
        {
            foreach (var fault in EveryFault)
                struck.Counts.GetValueOrDefault(fault).ShouldBeGreaterThan(0, $"no schedule had {fault}");
        }
    }

    private static string[] EveryFault =>
    [
        "silo killed", "gateway killed", "localnet killed", "requests lost", "replies lost", "requests repeated", "calls held", "underfunded",
        "refusals for want of money", "messages dropped", "messages delayed", "messages duplicated", "messages expired",
    ];

    private static async Task RunLane(ConcurrentQueue<int> seeds, ConcurrentQueue<ScheduleResult> results, ConcurrentQueue<string> ends)
    {
        await using var lane = await Lane.Start();
        while (seeds.TryDequeue(out var seed))
        {
            var result = await lane.Run(FaultSchedule.From(seed), Patience);
            results.Enqueue(result);
            await Console.Out.WriteLineAsync(result.ToString());
            // A settlement that hangs holds up all later ones of its pool.
            if (result.Objections.Count > 0)
                return;
        }

        foreach (var objection in await lane.Close())
            ends.Enqueue(objection);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
