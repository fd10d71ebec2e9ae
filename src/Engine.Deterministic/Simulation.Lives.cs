using CocoonPool.Engine.Local;

namespace CocoonPool.Engine.Deterministic;

/// <summary>How the engine starts, stops, dies and comes back. What was stored, and the clients, stay.</summary>
public sealed partial class Simulation
{
    private Incarnation? _life;
    private Incarnation? _stopping;
    private TaskCompletionSource _up = new();
    private Exception? _failedStart;

    /// <summary>Whether the engine is started and takes calls.</summary>
    public bool IsUp => _up.Task.IsCompleted;

    /// <summary>
    /// The grains of the engine that is up. References do not outlive their engine: take a new one after a
    /// <see cref="SiloUnavailableException"/>, when <see cref="WhenUpAsync"/> has completed.
    /// </summary>
    /// <exception cref="SiloUnavailableException">The engine is down.</exception>
    public IGrainFactory Grains => Up().Engine.Factory;

    /// <summary>The services of the engine that is up.</summary>
    /// <exception cref="SiloUnavailableException">The engine is down.</exception>
    public IServiceProvider Services => Up().Services;

    /// <summary>Completes when the engine is up.</summary>
    public Task WhenUpAsync() => _up.Task;

    /// <summary>
    /// Kills the engine between two steps, also one that is stopping: no goodbye, nothing of it ever runs again. Callers outside get a
    /// <see cref="SiloUnavailableException"/>.
    /// </summary>
    public void Crash()
    {
        if ((_life ?? _stopping) is not { } life) return;
        _world.Record(TraceKind.EngineCrash, "", "");
        Leave();
        WithoutContext(life.Crash);
    }

    /// <summary>Kills one activation, if there is one: the next call makes another from what was stored.</summary>
    public void CrashActivation(GrainId grainId)
    {
        if (_life?.Engine.Directory.All.Where(a => a.GrainId == grainId).MinBy(a => a.Number) is not { } activation) return;
        _world.Record(TraceKind.ActivationCrash, grainId.Type, grainId.Key);
        WithoutContext(activation.Crash);
    }

    /// <summary>Starts the engine, after a crash if it was running. Clients see it up a few steps later.</summary>
    public void Restart()
    {
        Crash();
        _world.Record(TraceKind.EngineStart, "", "");
        var life = _life = new Incarnation(this, _world);
        new OrderedContext(_world, "start", life).Post(_ => _ = StartAsync(life), null);
    }

    /// <summary>What keeps an engine that is being stopped from ending: its activations and what each is busy with.</summary>
    public IReadOnlyList<string> Unfinished => _stopping is null ? [] : [.. _stopping.Engine.Directory.All.Select(a => $"{a.GrainId} is {a.Occupation}")];

    /// <summary>Stops the engine as a host would: every activation says its goodbye, unless a crash comes first.</summary>
    public async Task StopAsync()
    {
        if (_life is not { } life) return;
        Leave();
        _stopping = life;
        await await Task.WhenAny(life.StopAsync(), life.Crashed);
        if (_stopping == life) _stopping = null;
    }

    /// <summary>Kills the engine; its supervisor starts it again after a while, unless it was being stopped.</summary>
    internal void CrashAndComeBack()
    {
        var isWanted = _life is not null;
        Crash();
        if (!isWanted) return;
        _world.Add(new Ready(TraceKind.Client, "supervisor", "", null, null, () =>
        {
            if (_life is null) Restart();
        }), _world.Random.Span(Faults.LongestDowntime));
    }

    // Clients that hear of a crash must not run on inside the call of the client that caused it.
    private static void WithoutContext(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private async Task StartAsync(Incarnation life)
    {
        try
        {
            await life.StartAsync();
            _up.SetResult();
        }
        catch (Exception failure)
        {
            // A supervisor starts a process again when the database was not there; anything else is a mistake of the set-up.
            if (failure is SimulatedFaultException) CrashAndComeBack();
            else _failedStart = failure;
        }
    }

    private void Leave()
    {
        _life = _stopping = null;
        if (_up.Task.IsCompleted) _up = new TaskCompletionSource();
    }

    private Incarnation Up() => IsUp ? _life! : throw new SiloUnavailableException("The engine is down.");
}
