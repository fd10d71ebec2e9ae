namespace CocoonPool.Engine.Contract;

public interface ITurnGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<int> AddAfterYields(int yields);

    Task<int> Block(string gate);

    [AlwaysInterleave]
    Task<int> Peek();

    [ReadOnly]
    Task<int> ReadBehind(string gate);

    [ReadOnly]
    Task<int> Read();
}

public sealed class TurnGrain(Probe probe) : Grain, ITurnGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _total;
    private int _inside;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Tell($"activated {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public async Task<int> AddAfterYields(int yields)
    {
        Interlocked.Increment(ref _inside).ShouldBe(1);
        var before = _total;
        for (var i = 0; i < yields; i++) await Task.Yield();
        _total = before + 1;
        Interlocked.Decrement(ref _inside);
        return _total;
    }

    public async Task<int> Block(string gate)
    {
        probe.Tell($"blocked {gate}");
        await probe.Gate(gate);
        return ++_total;
    }

    public Task<int> Peek() => Task.FromResult(_total);

    public async Task<int> ReadBehind(string gate)
    {
        probe.Tell($"blocked {gate}");
        await probe.Gate(gate);
        return _total;
    }

    public Task<int> Read() => Task.FromResult(_total);
}

public interface IReentrantGrain : IGrainWithStringKey
{
    Task Block(string gate);

    Task Open(string gate);
}

[Reentrant]
public sealed class ReentrantGrain(Probe probe) : Grain, IReentrantGrain
{
    public async Task Block(string gate)
    {
        probe.Tell($"blocked {gate}");
        await probe.Gate(gate);
    }

    public Task Open(string gate)
    {
        probe.Open(gate);
        return Task.CompletedTask;
    }
}

public sealed class TurnTests(EngineFixture engine)
{
    private readonly string _key = $"turns-{Guid.NewGuid()}";

    [Fact]
    public async Task FirstCalls_FromManyThreadsAtOnce_MakeOneActivation()
    {
        var calls = Enumerable.Range(0, 200).Select(_ => Task.Run(() => engine.Grains.GetGrain<ITurnGrain>(_key).Activation()));

        (await Task.WhenAll(calls)).Distinct().Count().ShouldBe(1);
        engine.Probe.Count($"activated {_key}").ShouldBe(1);
    }

    [Fact]
    public async Task Requests_OfOneGrain_DoNotInterleaveAtTheirAwaits()
    {
        var grain = engine.Grains.GetGrain<ITurnGrain>(_key);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => grain.AddAfterYields(i % 7)));

        (await grain.Peek()).ShouldBe(200);
    }

    [Fact]
    public async Task AlwaysInterleave_RunsWhileAnotherRequestWaits()
    {
        var grain = engine.Grains.GetGrain<ITurnGrain>(_key);
        var blocked = grain.Block(_key);
        await engine.Probe.Next($"blocked {_key}");

        (await grain.Peek()).ShouldBe(0);

        blocked.IsCompleted.ShouldBeFalse();
        engine.Probe.Open(_key);
        (await blocked).ShouldBe(1);
    }

    [Fact]
    public async Task ReadOnly_RunsBesideReadOnly_EvenPastAWaitingWriter()
    {
        var grain = engine.Grains.GetGrain<ITurnGrain>(_key);
        var reading = grain.ReadBehind(_key);
        await engine.Probe.Next($"blocked {_key}");
        var writing = grain.AddAfterYields(0);

        (await grain.Read()).ShouldBe(0);

        writing.IsCompleted.ShouldBeFalse();
        engine.Probe.Open(_key);
        (await reading).ShouldBe(0);
        (await writing).ShouldBe(1);
    }

    [Fact]
    public async Task ReadOnly_WaitsForARunningWriter()
    {
        var grain = engine.Grains.GetGrain<ITurnGrain>(_key);
        var writing = grain.Block(_key);
        await engine.Probe.Next($"blocked {_key}");
        var reading = grain.Read();

        // A call that interleaves and was sent later comes back first, so the reader had its chance and did not take it.
        await grain.Peek();
        reading.IsCompleted.ShouldBeFalse();

        engine.Probe.Open(_key);
        await writing;
        (await reading).ShouldBe(1);
    }

    [Fact]
    public async Task Reentrant_RunsRequestsOfTheGrainAtEachOthersAwaits()
    {
        var grain = engine.Grains.GetGrain<IReentrantGrain>(_key);
        var blocked = grain.Block(_key);
        await engine.Probe.Next($"blocked {_key}");

        await grain.Open(_key);

        await blocked;
    }
}
