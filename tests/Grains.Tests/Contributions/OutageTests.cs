using System.Collections.Concurrent;
using System.Diagnostics;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.TestKit;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>The database dies under load and comes back: senders wait, nothing acknowledged is lost, nothing counts twice.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Intake_WhenTheDatabaseIsKilledAndComesBack_LosesAndDoublesNothing()
    {
        await using var server = await PostgresServer.StartAsync(durable: true);
        await using var store = await Store.Create(server);
        var acknowledged = new ConcurrentDictionary<string, bool>();
        using var stopped = new CancellationTokenSource();
        var flowing = new SemaphoreSlim(0);
        var senders = Enumerable.Range(0, 16).Select(sender => Task.Run(() => Send(store, sender, acknowledged, flowing, stopped.Token))).ToArray();
        await Times(flowing, 20);

        await server.Kill();
        var beforeOutage = acknowledged.Count;
        var away = Stopwatch.StartNew();
        var uptime = Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.Contributions.RecordUptime(
            Store.PoolId, Store.Uptime(Store.Monday.AddSeconds(i * 10), Store.Monday.AddSeconds((i + 1) * 10)))));
        await uptime;
        acknowledged.Count.ShouldBeLessThan(beforeOutage + 1, "nothing is acknowledged that no database has");
        await server.StartAgain();
        away.Stop();
        var back = Stopwatch.StartNew();
        while (flowing.Wait(0))
        {
        }
        await Times(flowing, 32);
        back.Elapsed.ShouldBeLessThan(away.Elapsed * 2 + TimeSpan.FromSeconds(2), "what had waited is drained in at most twice the outage");
        await stopped.CancelAsync();
        await Task.WhenAll(senders);

        // Receipts and uptime are tried again each in their own time.
        await Eventually.Holds(async () => await store.GpuMilliseconds(1) > 0, "the uptime that was kept in memory during the outage");

        // Whatever came of the commits whose answers were lost: all that was sent is sent once more, and counts once.
        await Task.WhenAll(acknowledged.Keys.Chunk(100).Select(chunk => store.Contributions.Record(Store.PoolId, [.. chunk.Select(id => Store.Task(id, Store.Monday))])));
        var recorded = (await store.Contributions.Receipts(Store.PoolId, Store.Participant(1), int.MaxValue)).Select(r => r.Task.Value).ToHashSet(StringComparer.Ordinal);
        acknowledged.Keys.Where(id => !recorded.Contains(id)).ShouldBeEmpty();
        (await store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        (await store.Tallies(1)).Single().Tally.Tasks.ShouldBe(recorded.Count);
        (await store.GpuMilliseconds(1)).ShouldBe(1_000_000, "all of it, and once");
    }

    [Fact]
    public async Task Intake_WhenMoreComesThanMayWait_TellsTheSenderToWait()
    {
        await using var server = await PostgresServer.StartAsync(durable: true);
        await using var store = await Store.Create(server);
        await store.Record(Store.Task("connects", Store.Monday));
        await server.Kill();

        var answers = Enumerable.Range(0, 200).Select(i => store.Contributions.Record(
            Store.PoolId, [.. Enumerable.Range(0, 256).Select(j => Store.Task($"task-{i}-{j}", Store.Monday))])).ToList();
        var refused = answers.Where(answer => answer.IsCompleted).Select(answer => answer.Result).ToList();
        await server.StartAgain();
        var taken = (await Task.WhenAll(answers)).Where(results => !results.Contains(ContributionResult.Busy)).ToList();

        refused.Count.ShouldBe(200 - 128, "32,768 receipts may wait, in batches of 256");
        refused.ShouldAllBe(results => results.All(result => result == ContributionResult.Busy));
        taken.Count.ShouldBe(128);
        (await store.Tallies(1)).Single().Tally.Tasks.ShouldBe(128 * 256 + 1);
    }

    /// <summary>As an agent: keeps a batch and sends it again until it is acknowledged.</summary>
    private static async Task Send(Store store, int sender, ConcurrentDictionary<string, bool> acknowledged, SemaphoreSlim flowing, CancellationToken stopped)
    {
        for (var i = 0; !stopped.IsCancellationRequested; i++)
        {
            var batch = Enumerable.Range(0, 32).Select(j => Store.Task($"task-{sender}-{i}-{j}", Store.Monday)).ToList();
            while ((await store.Contributions.Record(Store.PoolId, batch, CancellationToken.None)).Contains(ContributionResult.Busy))
            {
            }

            foreach (var contribution in batch)
                acknowledged[contribution.Receipt.TaskId.Value] = true;
            flowing.Release();
        }
    }

    private static async Task Times(SemaphoreSlim semaphore, int times)
    {
        for (var i = 0; i < times; i++)
            (await semaphore.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("nothing flows any more");
    }
}
