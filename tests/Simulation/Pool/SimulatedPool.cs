using System.Runtime.CompilerServices;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.PoolSimulation.Audit;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.DeliberateBugs;
using CocoonPool.PoolSimulation.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.PoolSimulation.Pool;

/// <summary>A whole pool on the deterministic engine: all grains, a database and a chain in memory, and an auditor who watches both.</summary>
public sealed class SimulatedPool
{
    private static readonly ConditionalWeakTable<Simulation, SimulatedPool> Pools = [];

    [ThreadStatic]
    private static SimulatedPool? t_beingBuilt;

    // One set of options serves all pools, because it takes long to find the grains; so a pool is found by its simulation.
    private static readonly SimulationOptions Options = new(typeof(PoolGrain).Assembly, typeof(IPoolGrain).Assembly)
    {
        Services = (services, simulation) => Pools.GetValue(simulation, _ => t_beingBuilt!).AddTo(services, simulation),
        Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Json = DomainJson.Configure(new LocalEngineOptions().Json),
        Engine = options =>
        {
            // As everything here, stretched: the engine looks for abandoned streams this often.
            options.ResponseTimeout = PoolTimes.ResponseTimeout;

            // Between two heartbeats a worker's grain stays; others come and go.
            options.CollectionAge = TimeSpan.FromHours(4);
            options.CollectionQuantum = TimeSpan.FromHours(1);
        },
    };

    private readonly ulong _seed;
    private readonly DeliberateBug? _bug;
    private ChainModel? _chain;

    public SimulatedPool(ulong seed, DeliberateBug? bug)
    {
        (_seed, _bug) = (seed, bug);
        Auditor = new(Database, () => Simulation!.Time.GetUtcNow());
        Database.Committed = Auditor.Committed;
        t_beingBuilt = this;
        Simulation = new Simulation(seed, Options);
        t_beingBuilt = null;
    }

    public PoolDatabase Database { get; } = new();

    /// <summary>How another version of the pool writes grain states.</summary>
    public Func<string, Type, byte[], byte[]> OtherVersion =>
        _bug?.OtherVersion ?? ((state, type, payload) => new OtherVersion(Options.Json).Write(type, payload, state));

    public WorkerStreams Streams { get; } = new();

    public Simulation Simulation { get; }

    public ChainModel Chain => _chain!;

    public Auditor Auditor { get; }

    /// <summary>The time of the simulation since its start, which no clock moves.</summary>
    public TimeSpan Elapsed => Simulation.Time.GetElapsedTime(0);

    /// <summary>Starts work of a client beside its others.</summary>
    public Action<Func<Task>> Concurrently { get; set; } = _ => throw new InvalidOperationException("Nobody has begun yet.");

    /// <summary>Called for every life of the engine: what it had in memory is new, what lies outside of it stays.</summary>
    private void AddTo(IServiceCollection services, Simulation simulation)
    {
        _chain ??= new(simulation.Time, new SeededRandom(_seed ^ 0xC4A1), Auditor, new(() => DateTimeOffset.FromUnixTimeSeconds(ChainModel.Clock(simulation.Time))) { WithdrawalDelay = PoolTimes.Parameters.WithdrawalDelay });
        Auditor.WatchStakes(_chain.Stakes);
        Streams.CloseAll();
        var ports = new PoolPorts(Database, _chain, Streams, simulation.Operations, simulation.Time);
        _bug?.Plant(ports);
        ports.AddTo(services);
        services.AddLogging(logging => logging.AddProvider(new AuditedLog(Auditor)).SetMinimumLevel(LogLevel.Warning));
    }
}
