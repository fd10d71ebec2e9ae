using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Engine.Local;

/// <summary>The parts of one engine, and its log.</summary>
internal sealed partial class LocalEngine
{
    private readonly ILogger<LocalEngine> _log;

    public LocalEngine(IServiceProvider services, LocalEngineOptions options, TimeProvider time, ITurnPool pool, ILogger<LocalEngine> log)
    {
        _log = log;
        Services = services;
        Options = options;
        Time = time;
        Pool = pool;
        Catalog = new GrainCatalog(options.Assemblies);
        Copier = new DeepCopier(WithReferences(options.Assemblies));
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

    // Only an assembly that refers to the engine can hold a converter, and contracts often live beside the grains.
    private static IEnumerable<Assembly> WithReferences(IEnumerable<Assembly> assemblies)
    {
        var own = typeof(LocalEngine).Assembly.GetName().Name;
        return assemblies.Concat(assemblies.SelectMany(a => a.GetReferencedAssemblies()).Select(Assembly.Load)
            .Where(a => Array.Exists(a.GetReferencedAssemblies(), n => string.Equals(n.Name, own, StringComparison.Ordinal)))).Distinct();
    }
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
