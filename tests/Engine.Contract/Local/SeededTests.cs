using System.Text.Json;
using CocoonPool.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

/// <summary>The engine on the seeded pool: one thread, virtual time, everything in memory, and no race left.</summary>
public sealed class SeededTests
{
    [Fact]
    public async Task SameSeed_GivesTheSameRun_AndAnotherSeedAnother()
    {
        var first = await RunAsync(seed: 1, RaceAsync);
        var again = await RunAsync(seed: 1, RaceAsync);
        var others = new List<string>();
        for (var seed = 2; seed < 6; seed++) others.Add(await RunAsync(seed, RaceAsync));

        again.ShouldBe(first);
        others.ShouldContain(other => other != first);
    }

    [Fact]
    public async Task QuietStream_OutlivesManyTimeOuts()
    {
        var log = await RunAsync(seed: 7, async (host, time) =>
        {
            var grain = host.Grains.GetGrain<IStreamGrain>("quiet");
            await using var live = grain.Live("quiet").GetAsyncEnumerator();
            var next = live.MoveNextAsync().AsTask();
            await Task.Delay(TimeSpan.FromHours(1), time);
            var quiet = !next.IsCompleted;
            await grain.Publish("at last");
            return $"{quiet} {await next} {live.Current}";
        });

        log.ShouldBe("True True at last");
    }

    [Fact]
    public async Task StreamThatNobodyReads_IsDropped()
    {
        var log = await RunAsync(seed: 7, async (host, time) =>
        {
            var grain = host.Grains.GetGrain<IStreamGrain>("left");
            await grain.Publish("one");
            await using var live = grain.Live("left").GetAsyncEnumerator();
            await live.MoveNextAsync();
            await Task.Delay(TimeSpan.FromMinutes(5), time);
            try
            {
                await live.MoveNextAsync();
                return "still there";
            }
            catch (EnumerationAbortedException)
            {
                return $"dropped {host.Probe.Count("ended left")}";
            }
        });

        log.ShouldBe("dropped 1");
    }

    [Fact]
    public async Task MissedReminder_ComesOnce_AndThenInItsOldRhythm()
    {
        var reminders = new MemoryReminderTable();
        var missed = new ManualTimeProvider().Start.UtcDateTime - TimeSpan.FromMinutes(90);
        await reminders.UpsertAsync(GrainId.Create("reminder", "one"), "hourly", missed, TimeSpan.FromHours(1));

        var log = await RunAsync(seed: 3, async (host, time) =>
        {
            var counts = new List<int>();
            foreach (var minutes in (int[])[1, 28, 2, 57, 3])
            {
                await Task.Delay(TimeSpan.FromMinutes(minutes), time);
                counts.Add(host.Probe.Count("reminded one hourly"));
            }

            return string.Join(' ', counts);
        }, reminders);

        log.ShouldBe("1 1 2 2 3");
    }

    [Fact]
    public async Task ScenarioThatWaitsForNothing_IsSaidToStall()
        => (await Should.ThrowAsync<InvalidOperationException>(RunAsync(1, async (host, _) =>
        {
            await new TaskCompletionSource().Task;
            return "";
        }))).Message.ShouldContain("nothing is ready");

    // Several grains write, read and yield at once; the order in which their turns fell is the result.
    private static async Task<string> RaceAsync(EngineHost host, TimeProvider time)
    {
        var log = new List<string>();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            var grain = host.Grains.GetGrain<IAccountGrain>($"{i}");
            for (var round = 0; round < 3; round++)
            {
                await grain.Add(1);
                log.Add($"{i}.{round}");
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }));
        return string.Join(' ', log);
    }

    // The idle collector's timer never ends, so without a limit a scenario that stalls would run through virtual years.
    private static async Task<string> RunAsync(int seed, Func<EngineHost, TimeProvider, Task<string>> scenario, MemoryReminderTable? reminders = null)
    {
        var time = new ManualTimeProvider();
        var pool = new SeededTurnPool(seed);
        var result = "";
        var host = await EngineHost.StartAsync("Host=nowhere", services: services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<ITurnPool>(pool);
            services.AddSingleton<IGrainStorage>(new MemoryGrainStorage(JsonSerializerOptions.Default));
            services.AddSingleton<IReminderTable>(reminders ?? new MemoryReminderTable());
        });
        pool.Run(
            async () => result = await scenario(host, time),
            () => time.GetUtcNow() < time.Start + TimeSpan.FromDays(1) && time.AdvanceToNextTimer());
        return result;
    }
}
