namespace CocoonPool.Engine.Contract;

public interface ICallGrain : IGrainWithStringKey
{
    Task<string> Throw(string message);

    Task ThrowAtOnce(string message);

    ValueTask<int> Twice(int value);

    ValueTask Nothing();

    [ResponseTimeout("00:00:01")]
    Task WaitTooLong(string gate);

    [ResponseTimeout("00:00:01")]
    Task CallThrough(string other);

    Task<string> WaitForCancellation(string name, CancellationToken cancellationToken);

    [OneWay]
    Task Tell(string name);

    Task<string> Context(string key, string? next);

    Task SetContext(string key);
}

public sealed class UnusualException(string message) : Exception(message);

public sealed class CallGrain(Probe probe) : Grain, ICallGrain
{
    public async Task<string> Throw(string message)
    {
        await Task.Yield();
        throw new UnusualException(message);
    }

    public Task ThrowAtOnce(string message) => throw new UnusualException(message);

    public ValueTask<int> Twice(int value) => new(value * 2);

    public ValueTask Nothing() => default;

    public Task WaitTooLong(string gate) => probe.Gate(gate);

    public Task CallThrough(string other) => GrainFactory.GetGrain<ICallGrain>(other).CallThrough(this.GetPrimaryKeyString());

    public async Task<string> WaitForCancellation(string name, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = cancellationToken.Register(() => cancelled.SetResult());
        probe.Tell($"waiting {name}");
        await cancelled.Task;
        probe.Tell($"cancelled {name}");
        return "cancelled";
    }

    public Task Tell(string name)
    {
        probe.Tell(name);
        throw new UnusualException("Nobody hears this.");
    }

    public async Task<string> Context(string key, string? next)
    {
        await Task.Yield();
        return next is null ? (string?)RequestContext.Get(key) ?? "none" : await GrainFactory.GetGrain<ICallGrain>(next).Context(key, null);
    }

    public Task SetContext(string key)
    {
        RequestContext.Set(key, "callee");
        return Task.CompletedTask;
    }
}

public sealed class CallTests(EngineFixture engine)
{
    private readonly string _key = $"calls-{Guid.NewGuid()}";

    private ICallGrain Grain => engine.Grains.GetGrain<ICallGrain>(_key);

    [Fact]
    public async Task Exception_OfTheGrain_ReachesTheCallerWithTypeAndMessage()
    {
        (await Should.ThrowAsync<UnusualException>(Grain.Throw("late"))).Message.ShouldBe("late");
        (await Should.ThrowAsync<UnusualException>(Grain.ThrowAtOnce("early"))).Message.ShouldBe("early");
        (await Grain.Twice(21)).ShouldBe(42);
    }

    [Fact]
    public async Task ValueTasks_CrossTheCall()
    {
        await Grain.Nothing();
        (await Grain.Twice(4)).ShouldBe(8);
    }

    [Fact]
    public async Task Call_ThatIsNotAnswered_TimesOutAfterItsOwnTime()
    {
        var failure = await Should.ThrowAsync<TimeoutException>(Grain.WaitTooLong(_key));
        engine.Probe.Open(_key);

        failure.Message.ShouldContain("Response did not arrive on time in 00:00:01");
        failure.Message.ShouldContain(_key);
    }

    [Fact]
    public async Task CallCycle_TimesOut_AndNamesTheCall()
    {
        var failure = await Should.ThrowAsync<TimeoutException>(Grain.CallThrough($"{_key}-other"));

        failure.Message.ShouldContain("Response did not arrive on time");
        failure.Message.ShouldContain(_key);
    }

    [Fact]
    public async Task Grain_ThatTimedOutInACycle_ServesAgain()
    {
        await Should.ThrowAsync<TimeoutException>(Grain.CallThrough($"{_key}-other"));

        (await Grain.Twice(1)).ShouldBe(2);
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_ReachesTheGrain_AndTheCallerDoesNotWaitForIt()
    {
        using var cancellation = new CancellationTokenSource();
        var call = Grain.WaitForCancellation(_key, cancellation.Token);
        await engine.Probe.Next($"waiting {_key}");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await engine.Probe.Next($"cancelled {_key}");
    }

    [Fact]
    public async Task Cancellation_BeforeTheCall_NeverReachesTheGrain()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Grain.WaitForCancellation(_key, cancellation.Token));

        await Grain.Nothing();
        engine.Probe.Count($"waiting {_key}").ShouldBe(0);
    }

    [Fact]
    public async Task OneWay_ReturnsBeforeTheGrainFails()
    {
        await Grain.Tell($"told {_key}");

        await engine.Probe.Next($"told {_key}");
    }

    [Fact]
    public async Task RequestContext_TravelsWithTheCallAndOnwards()
    {
        RequestContext.Set("tenant", "blue");

        (await Grain.Context("tenant", null)).ShouldBe("blue");
        (await Grain.Context("tenant", $"{_key}-next")).ShouldBe("blue");
        RequestContext.Clear();
        (await Grain.Context("tenant", null)).ShouldBe("none");
    }

    [Fact]
    public async Task RequestContext_DoesNotComeBack()
    {
        await Grain.SetContext("colour");

        RequestContext.Get("colour").ShouldBeNull();
        (await Grain.Context("colour", null)).ShouldBe("none");
    }
}
