namespace CocoonPool.Engine.Deterministic;

/// <summary>
/// The local engine on one thread, with virtual time, stores in memory, and every order, delay and fault drawn from a seed: the
/// same seed gives the same run, told by <see cref="TraceHash"/>, on any machine and beside any other work.
/// </summary>
/// <remarks>
/// <para>Clients are code outside grains that <see cref="Begin"/> or <see cref="Run(Func{Task},TimeSpan?)"/> started; they outlive crashes of the
/// engine. Only one thread drives a simulation at a time, but any number of simulations may run side by side.</para>
/// <para>What grains and clients do must follow <see cref="Time"/> or the <see cref="TimeProvider"/> of the services, draw from
/// <see cref="Random"/>, and do no input or output. Work that comes from another thread ends the run with
/// <see cref="EscapedOrderException"/>; a wall clock, a <see cref="Guid.NewGuid"/> or the order of a hash table of strings shows as
/// two traces that differ.</para>
/// </remarks>
public sealed partial class Simulation
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromDays(1);

    private readonly World _world;
    private readonly OrderedContext _clients;

    /// <summary>Builds the world and begins to start the engine.</summary>
    public Simulation(ulong seed, SimulationOptions options)
    {
        Seed = seed;
        Options = options;
        Faults = options.Faults;
        _world = new World(seed, options.Start);
        _clients = new OrderedContext(_world, "client");
        Time = new VirtualClock(_world);

        // A stream of its own, so that a workload's draws are the same whatever faults are drawn beside it.
        Random = new SeededRandom(~seed);
        Operations = new SimulatedOperations(this, _world);
        Storage = new MemoryGrainStorage(options.Json, Operations);
        Reminders = new MemoryReminderTable(Operations);
        Restart();
    }

    public ulong Seed { get; }

    /// <summary>What goes wrong from now on.</summary>
    public Faults Faults { get; set; }

    /// <summary>The clock of clients and stores. Its timers survive crashes and are never late.</summary>
    public TimeProvider Time { get; }

    /// <summary>Draws for workloads and for what stands in for chance in the grains' services.</summary>
    public SeededRandom Random { get; }

    /// <summary>How a store of one's own takes part: each of its operations goes through here, to be refused, late or unacknowledged.</summary>
    public StoreOperations Operations { get; }

    /// <summary>The grains' state.</summary>
    public MemoryGrainStorage Storage { get; }

    /// <summary>The grains' reminders.</summary>
    public MemoryReminderTable Reminders { get; }

    /// <summary>One hash over every decision so far: order, deliveries, operations of stores, timers, faults.</summary>
    public ulong TraceHash => _world.Trace.Hash;

    /// <summary>The last entries of the trace, to be printed beside a seed that failed.</summary>
    public IEnumerable<TraceEntry> RecentTrace => _world.Trace.Recent;

    /// <summary>How many steps were taken.</summary>
    public long Steps => _world.Steps;

    internal SimulationOptions Options { get; }

    /// <summary>How often something happened.</summary>
    public long Count(TraceKind kind) => _world.Trace.Count(kind);

    /// <summary>Starts a client, which first waits for the engine to be up. It runs whenever the simulation is driven.</summary>
    public Task Begin(Func<Task> client) => Begin(async () =>
    {
        await client();
        return true;
    });

    /// <inheritdoc cref="Begin(Func{Task})"/>
    public Task<T> Begin<T>(Func<Task<T>> client)
    {
        var ended = new TaskCompletionSource<T>();
        _clients.Post(_ => _ = RunAsync(), null);
        return ended.Task;

        async Task RunAsync()
        {
            try
            {
                await WhenUpAsync();
                ended.SetResult(await client());
            }
            catch (Exception failure)
            {
                ended.SetException(failure);
            }
        }
    }

    /// <summary>Runs a client to its end, and with it everything else that happens meanwhile.</summary>
    /// <param name="within">The virtual time it may take; a day unless said otherwise.</param>
    /// <exception cref="TimeoutException">It did not end in that time, or waits for something that will never happen.</exception>
    /// <exception cref="EscapedOrderException">Something happened on another thread.</exception>
    public void Run(Func<Task> client, TimeSpan? within = null) => Finish(Begin(client), within).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run(Func{Task},TimeSpan?)"/>
    public T Run<T>(Func<Task<T>> client, TimeSpan? within = null) => Finish(Begin(client), within).GetAwaiter().GetResult();

    /// <summary>Goes on until the condition holds, looking after every step. False when it did not within that virtual time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        Drive(_world.Now + within, () => !condition());
        return condition();
    }

    /// <summary>Does everything that is to be done within this virtual time, and moves the clock by it.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = _world.Now + by;
        Drive(until, () => true);
        _world.Pass(until);
    }

    /// <summary>Sets the wall clock forward or back, as an operator or a time server might. Timers and time-outs do not notice.</summary>
    public void JumpClock(TimeSpan by)
    {
        _world.Record(TraceKind.ClockJump, "", by.ToString());
        _world.WallOffset += by;
    }

    private TTask Finish<TTask>(TTask task, TimeSpan? within)
        where TTask : Task
    {
        var patience = within ?? DefaultPatience;
        Drive(_world.Now + patience, () => !task.IsCompleted);
        return task.IsCompleted ? task : throw new TimeoutException(
            $"The client of seed {Seed} did not end within {patience} of virtual time. It waits for something that does not happen.");
    }

    private void Drive(TimeSpan until, Func<bool> more)
    {
        _world.Drive(until, () => _failedStart is null && more());
        if (_failedStart is { } failure) throw new InvalidOperationException($"The engine could not be started: {failure.Message}", failure);
    }
}
