namespace CocoonPool.Engine.Contract;

public interface ILifeGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<Guid> EndAfter(string gate);

    Task Delay();
}

public sealed class LifeGrain(Probe probe, IGrainContext context) : Grain, ILifeGrain, IAsyncDisposable
{
    private readonly Guid _activation = Guid.NewGuid();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        context.GrainId.ShouldBe(this.GetGrainId());
        await Task.Yield();
        var key = this.GetPrimaryKeyString();
        if (key.StartsWith("refuse", StringComparison.Ordinal) && probe.Count(key) == 0)
        {
            probe.Tell(key);
            throw new UnusualException("not today");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"gone {this.GetPrimaryKeyString()}", $"{reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        probe.Tell($"disposed {this.GetPrimaryKeyString()}");
        return default;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public async Task<Guid> EndAfter(string gate)
    {
        DeactivateOnIdle();
        probe.Tell($"ending {gate}");
        await probe.Gate(gate);
        return _activation;
    }

    public Task Delay()
    {
        DelayDeactivation(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }
}

public sealed class LifetimeTests(EngineFixture engine)
{
    private readonly string _key = $"life-{Guid.NewGuid()}";

    [Fact]
    public async Task DeactivateOnIdle_LetsTheRequestEnd_AndHandsWaitingOnesToTheNextActivation()
    {
        var grain = engine.Grains.GetGrain<ILifeGrain>(_key);
        var ending = grain.EndAfter(_key);
        await engine.Probe.Next($"ending {_key}");
        var waiting = grain.Activation();

        engine.Probe.Open(_key);

        var ended = await ending;
        (await waiting).ShouldNotBe(ended);
        (await engine.Probe.Next($"gone {_key}")).ShouldBe(nameof(DeactivationReasonCode.ApplicationRequested));
        await engine.Probe.Next($"disposed {_key}");
    }

    [Fact]
    public async Task ActivationThatFails_FailsItsCallers_AndTheNextCallTriesAgain()
    {
        var grain = engine.Grains.GetGrain<ILifeGrain>($"refuse-{_key}");

        var failure = await Should.ThrowAsync<Exception>(grain.Activation());

        failure.ToString().ShouldContain("not today");
        (await grain.Activation()).ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task IdleActivation_Ends_UnlessItAskedForMoreTime()
    {
        await using var host = await EngineHost.StartAsync(
            await EngineFixture.NewDatabaseAsync(nameof(LifetimeTests)),
            new HostTimes { CollectionAge = TimeSpan.FromSeconds(1), CollectionQuantum = TimeSpan.FromMilliseconds(200) });
        var idle = host.Grains.GetGrain<ILifeGrain>("idle");
        var kept = host.Grains.GetGrain<ILifeGrain>("kept");
        var keptActivation = await kept.Activation();
        await kept.Delay();
        var first = await idle.Activation();

        (await host.Probe.Next("gone idle")).ShouldBe(nameof(DeactivationReasonCode.ActivationIdle));

        (await idle.Activation()).ShouldNotBe(first);
        (await kept.Activation()).ShouldBe(keptActivation);
    }

    [Fact]
    public async Task Stop_DeactivatesEveryActivation()
    {
        var host = await EngineHost.StartAsync(await EngineFixture.NewDatabaseAsync(nameof(LifetimeTests)));
        var probe = host.Probe;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.Grains.GetGrain<ILifeGrain>($"{i}").Activation()));

        await host.DisposeAsync();

        // A silo that leaves takes its part of the directory along, and with it activations of silos that are still there.
        string[] reasons = EngineHost.Silos == 1 ? [nameof(DeactivationReasonCode.ShuttingDown)] : [nameof(DeactivationReasonCode.ShuttingDown), "DirectoryFailure"];
        for (var i = 0; i < 20; i++) reasons.ShouldContain(await probe.Next($"gone {i}"));
    }

    [Fact]
    public async Task Reference_KnowsItsKey_AndEqualsAnotherToTheSameGrain()
    {
        var grain = engine.Grains.GetGrain<ILifeGrain>(_key);

        grain.GetPrimaryKeyString().ShouldBe(_key);
        grain.GetGrainId().ToString().ShouldBe($"life/{_key}");
        grain.ShouldBe(engine.Grains.GetGrain<ILifeGrain>(_key));
        (await engine.Grains.GetGrain<ILifeGrain>(grain.GetGrainId()).Activation()).ShouldBe(await grain.Activation());
        engine.Grains.GetGrain<IStatelessGrain>(-1).GetPrimaryKeyLong().ShouldBe(-1);
    }
}
