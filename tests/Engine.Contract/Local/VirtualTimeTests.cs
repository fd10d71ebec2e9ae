using System.Text.Json;
using CocoonPool.Engine.Deterministic;
using CocoonPool.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

/// <summary>What the local engine does to the moment, with a clock that moves when told to and everything in memory.</summary>
public sealed class VirtualTimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryGrainStorage _storage = new(JsonSerializerOptions.Default);
    private readonly MemoryReminderTable _reminders = new();
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Call_TimesOutAtItsTimeOut_NotBefore()
    {
        var call = _host.Grains.GetGrain<ITurnGrain>("one").Block("gate");
        await _host.Probe.Next("blocked gate");

        _time.Advance(new HostTimes().Response - Moment);
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(Moment);

        await Should.ThrowAsync<TimeoutException>(call);
        _host.Probe.Open("gate");
    }

    [Fact]
    public async Task CallThatWaitedTooLong_IsNeverRun()
    {
        var grain = _host.Grains.GetGrain<ITurnGrain>("one");
        var running = grain.Block("first");
        await _host.Probe.Next("blocked first");
        var waiting = grain.Block("second");

        _time.Advance(new HostTimes().Response);
        await Should.ThrowAsync<TimeoutException>(running);
        (await Should.ThrowAsync<TimeoutException>(waiting)).Message.ShouldContain("busy with ITurnGrain.Block");

        _host.Probe.Open("first");
        _host.Probe.Open("second");
        (await grain.Read()).ShouldBe(1);
        _host.Probe.Count("blocked second").ShouldBe(0);
    }

    [Fact]
    public async Task CallCycle_IsNamedInTheTimeOut()
    {
        var call = _host.Grains.GetGrain<ICycleGrain>("a").Begin("b");
        await _host.Probe.Next("waiting");

        _time.Advance(new HostTimes().Response);

        await Should.ThrowAsync<TimeoutException>(call);
        (await _host.Probe.Next("timed out")).ShouldContain("The grains wait for each other: cycle/a → cycle/b → cycle/a.");
    }

    [Fact]
    public async Task Activation_EndsOnceItWasIdleForItsAge()
    {
        var grain = _host.Grains.GetGrain<ILifeGrain>("idle");
        var first = await grain.Activation();

        for (var i = 0; i < 14; i++) _time.Advance(TimeSpan.FromMinutes(1));
        (await grain.Activation()).ShouldBe(first);
        for (var i = 0; i < 17; i++) _time.Advance(TimeSpan.FromMinutes(1));

        await _host.Probe.Next("gone idle");
    }

    [Fact]
    public async Task Reminder_MissedWhileTheEngineWasDown_ComesSoonAfterTheStart()
    {
        var hour = TimeSpan.FromHours(1);
        await _host.Grains.GetGrain<IReminderGrain>("one").Remind("hourly", hour, hour);
        await _host.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(150));

        _host = await StartAsync();

        await _host.Probe.Next("reminded one hourly");
    }

    private Task<EngineHost> StartAsync() => EngineHost.StartAsync("Host=nowhere", services: services =>
    {
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IGrainStorage>(_storage);
        services.AddSingleton<IReminderTable>(_reminders);
    });
}

public interface ICycleGrain : IGrainWithStringKey
{
    Task Begin(string next);

    Task Back(string first);

    Task Never();
}

public sealed class CycleGrain(Probe probe) : Grain, ICycleGrain
{
    public Task Begin(string next) => GrainFactory.GetGrain<ICycleGrain>(next).Back(this.GetPrimaryKeyString());

    public async Task Back(string first)
    {
        try
        {
            var call = GrainFactory.GetGrain<ICycleGrain>(first).Never();
            probe.Tell("waiting");
            await call;
        }
        catch (TimeoutException late)
        {
            probe.Tell("timed out", late.Message);
        }
    }

    public Task Never() => Task.CompletedTask;
}
