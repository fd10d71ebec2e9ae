namespace CocoonPool.Engine.Contract;

public interface IStatelessGrain : IGrainWithIntegerKey
{
    Task<Guid> Work(string gate);
}

[StatelessWorker(3)]
public sealed class StatelessGrain(Probe probe) : Grain, IStatelessGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<Guid> Work(string gate)
    {
        probe.Tell($"working {gate}");
        await probe.Gate(gate);
        return _activation;
    }
}

public sealed class StatelessWorkerTests(EngineFixture engine)
{
    [Fact]
    public async Task StatelessWorkers_ServeSideBySide_UpToTheirLimit()
    {
        var grain = engine.Grains.GetGrain<IStatelessGrain>(0);
        var gate = $"stateless-{Guid.NewGuid()}";

        var work = Enumerable.Range(0, 6).Select(_ => grain.Work(gate)).ToList();
        for (var i = 0; i < 3; i++) await engine.Probe.Next($"working {gate}");

        engine.Probe.Count($"working {gate}").ShouldBe(3);
        engine.Probe.Open(gate);
        (await Task.WhenAll(work)).Distinct().Count().ShouldBe(3);
    }
}
