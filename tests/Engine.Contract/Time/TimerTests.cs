namespace CocoonPool.Engine.Contract;

public interface ITimerGrain : IGrainWithStringKey
{
    Task<Guid> Start(TimeSpan period);

    Task StartSlow(string gate);

    Task StartFailing();

    Task Stop();

    Task End();
}

public sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private IGrainTimer? _timer;
    private int _inside;

    public Task<Guid> Start(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(() =>
        {
            probe.Tell($"tick {_activation}");
            return Task.CompletedTask;
        }, new GrainTimerCreationOptions(TimeSpan.Zero, period));
        return Task.FromResult(_activation);
    }

    public Task StartSlow(string gate)
    {
        _timer = this.RegisterGrainTimer(async (name, token) =>
        {
            (++_inside).ShouldBe(1);
            probe.Tell($"slow {name}", $"{token.CanBeCanceled}");
            await probe.Gate(name);
            _inside--;
        }, gate, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(1), Interleave = true });
        return Task.CompletedTask;
    }

    public Task StartFailing()
    {
        _timer = this.RegisterGrainTimer(() =>
        {
            probe.Tell($"failing {this.GetPrimaryKeyString()}");
            throw new UnusualException("tick");
        }, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"gone {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }
}

public sealed class TimerTests(EngineFixture engine)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private readonly string _key = $"timer-{Guid.NewGuid()}";

    private ITimerGrain Grain => engine.Grains.GetGrain<ITimerGrain>(_key);

    [Fact]
    public async Task Timer_TicksAgainAndAgain()
    {
        var activation = await Grain.Start(Soon);

        await TicksAsync(activation);
    }

    [Fact]
    public async Task Timer_DoesNotOverlapItself_EvenWhereTicksInterleave()
    {
        await Grain.StartSlow(_key);
        (await engine.Probe.Next($"slow {_key}")).ShouldBe("True");

        // The next tick would have been due many times over while the first one waits.
        await TicksAsync(await Grain.Start(Soon));
        engine.Probe.Count($"slow {_key}").ShouldBe(1);

        engine.Probe.Open(_key);
        await engine.Probe.Next($"slow {_key}");
    }

    [Fact]
    public async Task Timer_ThatFails_TicksOn()
    {
        await Grain.StartFailing();

        for (var i = 0; i < 3; i++) await engine.Probe.Next($"failing {_key}");
    }

    [Fact]
    public async Task Timer_StopsWithTheActivation()
    {
        var first = await Grain.Start(Soon);
        await TicksAsync(first);
        await Grain.End();
        await engine.Probe.Next($"gone {_key}");
        var ticks = engine.Probe.Count($"tick {first}");

        await TicksAsync(await Grain.Start(Soon));

        engine.Probe.Count($"tick {first}").ShouldBe(ticks);
    }

    [Fact]
    public async Task Timer_ThatWasDisposed_TicksNoMore()
    {
        var activation = await Grain.Start(Soon);
        await TicksAsync(activation);
        await Grain.Stop();
        var ticks = engine.Probe.Count($"tick {activation}");

        await TicksAsync(await engine.Grains.GetGrain<ITimerGrain>($"{_key}-other").Start(Soon));

        engine.Probe.Count($"tick {activation}").ShouldBe(ticks);
    }

    private async Task TicksAsync(Guid activation)
    {
        for (var i = 0; i < 5; i++) await engine.Probe.Next($"tick {activation}");
    }
}
