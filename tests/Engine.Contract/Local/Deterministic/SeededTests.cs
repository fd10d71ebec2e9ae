using CocoonPool.Engine.Deterministic;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

/// <summary>The engine in a simulation without faults: one thread, virtual time, everything in memory, and no race left.</summary>
public sealed class SeededTests
{
    private readonly Probe _probe = new();
    private readonly SimulationOptions _options;

    public SeededTests() => _options = new SimulationOptions(typeof(EngineHost).Assembly)
    {
        Services = (services, _) => services.AddSingleton(_probe),
        Engine = options => options.ResponseTimeout = new HostTimes().Response,
    };

    [Fact]
    public void SameSeed_GivesTheSameRun_AndAnotherSeedAnother()
    {
        var first = Race(seed: 1);
        var again = Race(seed: 1);
        var others = Enumerable.Range(2, 4).Select(seed => Race((ulong)seed)).ToList();

        again.ShouldBe(first);
        others.ShouldAllBe(other => other.Hash != first.Hash);
        others.ShouldContain(other => other.Log != first.Log);
    }

    [Fact]
    public void CallsThatAreAwaitedTogether_StayInTheOrder()
    {
        var simulation = new Simulation(1, _options);

        simulation.Run(async () =>
        {
            var grains = Enumerable.Range(0, 5).Select(i => simulation.Grains.GetGrain<IAccountGrain>($"{i}")).ToList();
            await Task.WhenAll(grains.Select(g => g.Add(1)));
            await Task.WhenAny(grains.Select(g => g.Add(1)));
            await grains[0].Add(1).WaitAsync(TimeSpan.FromSeconds(1), simulation.Time);
        });
    }

    [Fact]
    public void Timer_TicksInVirtualTime()
    {
        var simulation = new Simulation(1, _options);
        var activation = simulation.Run(() => simulation.Grains.GetGrain<ITimerGrain>("one").Start(TimeSpan.FromSeconds(1)));

        simulation.Advance(TimeSpan.FromSeconds(9.5));

        _probe.Count($"tick {activation}").ShouldBe(10);
    }

    [Fact]
    public void QuietStream_OutlivesManyTimeOuts()
    {
        var simulation = new Simulation(7, _options);

        simulation.Run(async () =>
        {
            var grain = simulation.Grains.GetGrain<IStreamGrain>("quiet");
            await using var live = grain.Live("quiet").GetAsyncEnumerator();
            var next = live.MoveNextAsync().AsTask();
            await Task.Delay(TimeSpan.FromHours(1), simulation.Time);
            next.IsCompleted.ShouldBeFalse();
            await grain.Publish("at last");
            (await next).ShouldBeTrue();
            live.Current.ShouldBe("at last");
        });
    }

    [Fact]
    public void StreamThatNobodyReads_IsDropped()
    {
        var simulation = new Simulation(7, _options);

        simulation.Run(async () =>
        {
            var grain = simulation.Grains.GetGrain<IStreamGrain>("left");
            await grain.Publish("one");
            await using var live = grain.Live("left").GetAsyncEnumerator();
            await live.MoveNextAsync();
            await Task.Delay(TimeSpan.FromMinutes(5), simulation.Time);
            try
            {
                await live.MoveNextAsync();
                throw new UnusualException("still there");
            }
            catch (EnumerationAbortedException)
            {
                // As it should be. (An assertion on the task would wait for it on another thread.)
            }
        });

        _probe.Count("ended left").ShouldBe(1);
    }

    [Fact]
    public void MissedReminder_ComesOnce_AndThenInItsOldRhythm()
    {
        var hour = TimeSpan.FromHours(1);
        var simulation = new Simulation(3, _options);
        simulation.Run(() => simulation.Grains.GetGrain<IReminderGrain>("one").Remind("hourly", hour, hour));

        simulation.Crash();
        simulation.Advance(TimeSpan.FromMinutes(150));
        simulation.Restart();

        var counts = new List<int>();
        foreach (var minutes in (int[])[1, 28, 2, 57, 3])
        {
            simulation.Advance(TimeSpan.FromMinutes(minutes));
            counts.Add(_probe.Count("reminded one hourly"));
        }

        counts.ShouldBe([1, 1, 2, 2, 3]);
    }

    [Fact]
    public void ClientThatWaitsForNothing_IsSaidToStall()
        => Should.Throw<TimeoutException>(() => new Simulation(1, _options).Run(() => new TaskCompletionSource().Task)).Message.ShouldContain("does not happen");

    [Fact]
    public void WorkFromAnotherThread_EndsTheRun_AndIsNamed()
    {
        var simulation = new Simulation(1, _options);

        var escape = Should.Throw<EscapedOrderException>(() => simulation.Run(async () =>
        {
            var grain = simulation.Grains.GetGrain<IAccountGrain>("escaped");
            using var done = new ManualResetEventSlim();
            _ = Task.Run(() =>
            {
                _ = grain.Add(1);
                done.Set();
            });
            done.Wait();
            await Task.Delay(TimeSpan.FromSeconds(1), simulation.Time);
        }));

        escape.Message.ShouldContain(nameof(WorkFromAnotherThread_EndsTheRun_AndIsNamed));
    }

    // Several grains write, read and yield at once; the order in which their turns fell is the result.
    private (ulong Hash, string Log) Race(ulong seed)
    {
        var simulation = new Simulation(seed, _options);
        var log = new List<string>();
        simulation.Run(() => Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            var grain = simulation.Grains.GetGrain<IAccountGrain>($"{i}");
            for (var round = 0; round < 3; round++)
            {
                await grain.Add(1);
                log.Add($"{i}.{round}");
                await Task.Delay(TimeSpan.FromSeconds(1), simulation.Time);
            }
        })));
        return (simulation.TraceHash, string.Join(' ', log));
    }
}
