using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Engine.Local;

/// <summary>The parts of one engine, and its log.</summary>
internal sealed partial class LocalEngine
{
    private readonly ILogger<LocalEngine> _log;

    private long _numbers;

    public LocalEngine(
        IServiceProvider services, LocalEngineOptions options, GrainCatalog catalog, DeepCopier copier, TimeProvider time, ITurnPool pool, ILogger<LocalEngine> log)
    {
        _log = log;
        Services = services;
        Options = options;
        Time = time;
        Pool = pool;
        Catalog = catalog;
        Copier = copier;
        Transit = services.GetService<ITransit>();
        Filters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        Deadlines = new Deadlines(time);
        Directory = new ActivationDirectory(this);
        References = new References(this);
        Factory = new GrainFactory(this);
        Collector = new IdleCollector(this);
        Background = new BackgroundTurns(this);
    }

    public IServiceProvider Services { get; }

    public LocalEngineOptions Options { get; }

    public TimeProvider Time { get; }

    public ITurnPool Pool { get; }

    /// <summary>Null where messages are handed over directly.</summary>
    public ITransit? Transit { get; }

    /// <summary>
    /// How tasks of the engine end. Continuations must not run inside the callee's turn; where a transit carries the responses
    /// they never do, and must not be sent to the threads of the process either.
    /// </summary>
    public TaskCreationOptions Completions => Transit is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    public GrainCatalog Catalog { get; }

    public DeepCopier Copier { get; }

    public IIncomingGrainCallFilter[] Filters { get; }

    public Deadlines Deadlines { get; }

    public ActivationDirectory Directory { get; }

    public References References { get; }

    public GrainFactory Factory { get; }

    public IdleCollector Collector { get; }

    /// <summary>Turns for the engine's own work, so that it never runs on the thread of a timer or of a caller.</summary>
    public BackgroundTurns Background { get; }

    /// <summary>A number that this engine gave to nobody else, and gives again in the same order when its run is repeated.</summary>
    public long NextNumber() => Interlocked.Increment(ref _numbers);

    /// <inheritdoc cref="NextNumber"/>
    public Guid NextId() => new(0, 0, 0, BitConverter.GetBytes(NextNumber()));
}

/// <summary>The turns of the engine itself.</summary>
internal sealed class BackgroundTurns : Receiver
{
    private readonly TurnScheduler _turns;

    public BackgroundTurns(LocalEngine engine)
        : base(engine, new GrainId("sys.engine", "background"))
    {
        _turns = new TurnScheduler(engine.Pool, this);
    }

    public override object? Instance => null;

    public override bool TryReceive(Call call) => false;

    public override void Post(Action<object?> action, object? state) => _turns.Post(action, state);
}
