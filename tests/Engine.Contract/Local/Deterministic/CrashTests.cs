using CocoonPool.Engine.Deterministic;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

/// <summary>What a crash takes, and what it leaves.</summary>
public sealed class CrashTests
{
    private readonly Simulation _simulation = new(5, new SimulationOptions(typeof(EngineHost).Assembly)
    {
        Services = (services, _) => services.AddSingleton(typeof(Mistake), Mistake.None),
    });

    private ITallyGrain Tally => _simulation.Grains.GetGrain<ITallyGrain>("one");

    [Fact]
    public void CallUnderWay_WhenTheEngineCrashes_FailsAtOnce_AndWhatWasAcknowledgedStays()
    {
        _simulation.Run(() => Tally.Add("first", 1));
        var underWay = _simulation.Begin(() => Tally.Add("second", 2));
        _simulation.RunUntil(() => _simulation.Count(TraceKind.Request) == 2, TimeSpan.FromSeconds(1)).ShouldBeTrue();

        _simulation.Crash();
        Should.Throw<SiloUnavailableException>(() => _simulation.Grains);
        _simulation.Restart();

        Should.Throw<SiloUnavailableException>(() => _simulation.Run(() => underWay));
        _simulation.Run(() => Tally.Read()).ShouldBe(1);
    }

    [Fact]
    public void Engine_ThatCrashesWhileItStops_IsDown_AndWhoeverStoppedItHearsSo()
    {
        _simulation.Run(() => Tally.Add("first", 1));
        var stop = _simulation.Begin(_simulation.StopAsync);
        _simulation.RunUntil(() => !_simulation.IsUp, TimeSpan.FromSeconds(1)).ShouldBeTrue();
        stop.IsCompleted.ShouldBeFalse();

        _simulation.Faults = Faults.None with { EngineCrash = 1 };
        _simulation.RunUntil(() => stop.IsCompletedSuccessfully, TimeSpan.FromHours(1)).ShouldBeTrue();
        _simulation.Faults = Faults.None;

        _simulation.Count(TraceKind.EngineCrash).ShouldBe(1);
        _simulation.IsUp.ShouldBeFalse("a supervisor does not start again what somebody stops");
        _simulation.Restart();
        _simulation.Run(() => Tally.Read()).ShouldBe(1);
    }

    [Fact]
    public void WriteThatWasSent_LandsAfterTheEngineThatSentItHasDied()
    {
        _simulation.Run(() => Tally.Read());
        _simulation.Faults = Faults.None with { StoreSlow = 1 };
        _ = _simulation.Begin(() => Tally.Add("first", 1));
        _simulation.RunUntil(() => _simulation.Count(TraceKind.StoreSlow) == 1, TimeSpan.FromSeconds(1)).ShouldBeTrue();

        _simulation.Crash();
        Stored().ShouldBeNull();
        _simulation.Advance(TimeSpan.FromMinutes(1));

        Stored()!.Total.ShouldBe(1);
    }

    [Fact]
    public void ActivationThatCrashes_FailsItsCallers_AndIsMadeAnewFromWhatWasStored()
    {
        _simulation.Run(() => Tally.Add("first", 1));
        var underWay = _simulation.Begin(() => Tally.Add("second", 2));
        _simulation.RunUntil(() => _simulation.Count(TraceKind.Request) == 2, TimeSpan.FromSeconds(1)).ShouldBeTrue();

        _simulation.CrashActivation(GrainId.Create("tally", "one"));

        Should.Throw<SiloUnavailableException>(() => _simulation.Run(() => underWay));
        _simulation.Run(() => Tally.Read()).ShouldBe(1);
    }

    [Fact]
    public void StoreOfOnesOwn_IsRefusedOrUnacknowledgedLikeTheOthers()
    {
        var done = 0;
        Task<int> Perform() => _simulation.Operations.PerformAsync("ledger", "post", () => ++done);

        _simulation.Faults = Faults.None with { StoreRefused = 1 };
        _simulation.Restart();
        Should.Throw<TimeoutException>(() => _simulation.Run(Perform, TimeSpan.FromMinutes(5)), "an engine cannot start without its store");
        done.ShouldBe(0);

        _simulation.Faults = Faults.None;
        _simulation.Run(Perform).ShouldBeGreaterThan(0);
        _simulation.Faults = Faults.None with { StoreUnacknowledged = 1 };
        var before = done;
        Should.Throw<SimulatedFaultException>(() => _simulation.Run(Perform));
        done.ShouldBe(before + 1);
    }

    [Fact]
    public void WallClock_MayJump_AndTimersDoNotNotice()
    {
        var start = _simulation.Time.GetUtcNow();
        var delay = _simulation.Begin(() => Task.Delay(TimeSpan.FromMinutes(10), _simulation.Time));
        _simulation.JumpClock(TimeSpan.FromDays(-1));

        _simulation.Advance(TimeSpan.FromMinutes(9));
        delay.IsCompleted.ShouldBeFalse();
        _simulation.Advance(TimeSpan.FromMinutes(1));

        delay.IsCompleted.ShouldBeTrue();
        _simulation.Time.GetUtcNow().ShouldBe(start + TimeSpan.FromMinutes(10) - TimeSpan.FromDays(1));
    }

    private Tally? Stored() => _simulation.Storage.Peek<Tally>("tally", GrainId.Create("tally", "one"));
}
