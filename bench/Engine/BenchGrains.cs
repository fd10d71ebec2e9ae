namespace CocoonPool.Bench.Engine;

/// <summary>A grain that does nothing: what a call costs, and what an activation weighs.</summary>
public interface IPingGrain : IGrainWithIntegerKey
{
    Task<int> Ping(int value);
}

/// <inheritdoc cref="IPingGrain"/>
public sealed class PingGrain : Grain, IPingGrain
{
    public Task<int> Ping(int value) => Task.FromResult(value);
}

/// <summary>A grain that writes its state on every call.</summary>
public interface ITallyGrain : IGrainWithIntegerKey
{
    Task Add(long amount);
}

/// <inheritdoc cref="ITallyGrain"/>
public sealed class TallyGrain([PersistentState("tally", "pool")] IPersistentState<TallyState> state) : Grain, ITallyGrain
{
    public Task Add(long amount)
    {
        state.State.Sum += amount;
        return state.WriteStateAsync();
    }
}

/// <summary>About as large as a participant's record.</summary>
[GenerateSerializer, Alias("cocoon.bench.TallyState")]
public sealed class TallyState
{
    [Id(0)]
    public long Sum { get; set; }

    [Id(1)]
    public string Name { get; set; } = new('n', 120);
}
