using System.Diagnostics;
using System.Globalization;
using CocoonPool.Grains.Contributions;
using CocoonPool.TestKit;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>
/// The database is away for five minutes while workers go on working. In the default run every time is scaled down by the same factor;
/// <c>OUTAGE_SECONDS=300</c> in the environment runs it in real time.
/// </summary>
public sealed class LongOutageTests(ITestOutputHelper output)
{
    private const int FullSeconds = 300;
    private const int Agents = 16;
    private const int ReceiptsPerSecondOfAnAgent = 128;
    private const int Batch = 256;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("OUTAGE_SECONDS") ?? "6", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Intake_WhenTheDatabaseIsAwayForFiveMinutes_LosesNothingAndCatchesUpInTwiceTheTime()
    {
        await using var server = await PostgresServer.StartAsync(durable: true);
        await using var store = await Store.Create(server);
        var clock = Stopwatch.StartNew();
        using var ending = new CancellationTokenSource();
        var agents = Enumerable.Range(0, Agents).Select(number => new Agent(number, store, clock)).ToList();
        var working = agents.ConvertAll(agent => Task.Run(() => agent.Work(ending.Token)));
        await Until(() => agents.Sum(agent => agent.Acknowledged) > Agents * Batch);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await server.Kill();
        var away = Stopwatch.StartNew();
        var (highest, atOutage) = (before, agents.Sum(agent => agent.Acknowledged));
        await Until(() =>
        {
            highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: false));
            return away.Elapsed >= Outage;
        });
        var duringOutage = agents.Sum(agent => agent.Acknowledged) - atOutage;
        var kept = agents.Sum(agent => agent.Made - agent.Acknowledged);
        await server.StartAgain();
        away.Stop();
        var back = Stopwatch.StartNew();
        await Until(() => agents.TrueForAll(agent => agent.HasCaughtUp));
        back.Stop();
        await ending.CancelAsync();
        await Task.WhenAll(working);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"away {away.Elapsed.TotalSeconds:0.0} s; {kept:n0} receipts waited with {Agents} agents; caught up in {back.Elapsed.TotalSeconds:0.0} s; at most {(highest - before) / 1048576.0:0.0} MiB more managed memory in the pool and the agents together"));
        duringOutage.ShouldBeLessThanOrEqualTo(Agents * Batch, "only what was committed already can still be answered");
        back.Elapsed.ShouldBeLessThan(away.Elapsed * 2);
        (highest - before).ShouldBeLessThan(256L << 20, "what waits is bounded");
        (await store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        ((long)(await store.Tallies(1)).Single().Tally.Tasks).ShouldBe(agents.Sum(agent => agent.Acknowledged), "each once, none lost");
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Outage * 4 + TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(20, patience.Token);
    }

    /// <summary>Works at a steady pace, keeps each receipt until it is acknowledged, and sends it again ever more rarely while nobody takes it.</summary>
    private sealed class Agent(int number, Store store, Stopwatch clock)
    {
        private static readonly double Scale = Outage.TotalSeconds / FullSeconds;

        private long _acknowledged;

        public long Made => (long)(clock.Elapsed.TotalSeconds * ReceiptsPerSecondOfAnAgent);

        public long Acknowledged => Interlocked.Read(ref _acknowledged);

        /// <summary>No more is kept than a batch that is just being filled.</summary>
        public bool HasCaughtUp => Made - Acknowledged < Batch;

        public async Task Work(CancellationToken ending)
        {
            var pause = TimeSpan.FromSeconds(1);
            while (!ending.IsCancellationRequested)
            {
                var count = (int)Math.Min(Made - _acknowledged, Batch);
                if (count == 0)
                {
                    await Task.Delay(5, CancellationToken.None);
                    continue;
                }

                var batch = Enumerable.Range(0, count).Select(i => Store.Task($"task-{number}-{_acknowledged + i}", Store.Monday)).ToList();
                if ((await store.Contributions.Record(Store.PoolId, batch, CancellationToken.None)).Contains(ContributionResult.Busy))
                {
                    await Task.Delay(pause * Scale, CancellationToken.None);
                    pause = pause * 2 < TimeSpan.FromSeconds(32) ? pause * 2 : TimeSpan.FromSeconds(32);
                }
                else
                {
                    Interlocked.Add(ref _acknowledged, count);
                    pause = TimeSpan.FromSeconds(1);
                }
            }
        }
    }
}
