using CocoonPool.Engine.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CocoonPool.Engine.Deterministic;

/// <summary>One life of the engine, from its start to its stop or crash, and everything that passes between it and the world.</summary>
internal sealed class Incarnation : ITurnPool, ITransit
{
    private readonly Simulation _simulation;
    private readonly World _world;
    private readonly List<Call> _callsFromOutside = [];
    private readonly TaskCompletionSource _crashed = new();
    private int _pruneAt = 64;

    public Incarnation(Simulation simulation, World world)
    {
        _simulation = simulation;
        _world = world;
        Services = simulation.Options.Build(simulation, this, new VirtualClock(world, this));
        Engine = Services.GetRequiredService<LocalEngine>();
    }

    public ServiceProvider Services { get; }

    public LocalEngine Engine { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Completes at a crash: whoever waits for an end that this life says itself would wait for ever.</summary>
    public Task Crashed => _crashed.Task;

    int ITurnPool.TurnsInARow => 1;

    public async Task StartAsync()
    {
        foreach (var service in Services.GetServices<IHostedService>()) await service.StartAsync(default);
    }

    public async Task StopAsync()
    {
        foreach (var service in Services.GetServices<IHostedService>().Reverse()) await service.StopAsync(default);
        End("was stopped");
    }

    public void Crash()
    {
        End("crashed");
        _crashed.TrySetResult();
    }

    /// <summary>Nothing of this life happens any more. Callers outside learn that they will hear nothing; grains learn nothing.</summary>
    private void End(string how)
    {
        if (!IsAlive) return;
        IsAlive = false;
        _world.Bury(this);
        foreach (var call in _callsFromOutside) call.TryFail(new SiloUnavailableException($"The engine {how}; what {call} did is unknown."));
        _callsFromOutside.Clear();
    }

    /// <summary>By how much the timer that is being set will be late.</summary>
    public TimeSpan Lateness() => Draw(_simulation.Faults.TimerLate, TraceKind.TimerLate, "", "") ? _world.Random.Span(_simulation.Faults.LongestDelay) : TimeSpan.Zero;

    /// <summary>Lets a fault strike in place of <paramref name="next"/>: between two awaits of a grain, before or after a message arrives.</summary>
    public bool Strikes(in Ready next)
    {
        if (_world.Random.Chance(_simulation.Faults.EngineCrash))
        {
            _simulation.CrashAndComeBack();
            return true;
        }

        if (next.Turns is not TurnScheduler { Owner: Activation activation }
            || !Draw(_simulation.Faults.ActivationCrash, TraceKind.ActivationCrash, next.Subject, next.Detail)) return false;
        activation.Crash();
        return true;
    }

    void ITurnPool.Schedule(IThreadPoolWorkItem turns)
    {
        var owner = ((TurnScheduler)turns).Owner.GrainId;
        if (IsAlive) _world.Add(new Ready(TraceKind.Turn, owner.Type, owner.Key, this, turns, null));
    }

    void ITransit.Carry(Call call, bool isResponse, Action arrive)
    {
        if (!IsAlive)
        {
            if (!isResponse) call.TryFail(new SiloUnavailableException($"The engine of {call} is gone; ask the simulation for its successor."));
            return;
        }

        var faults = _simulation.Faults;
        var (lost, kind, way) = isResponse
            ? (faults.ResponseLost, TraceKind.ResponseLost, TraceKind.Response)
            : (faults.RequestLost, TraceKind.RequestLost, TraceKind.Request);
        var key = call.Target!.GrainId.Key;
        if (!isResponse && call.Source is null) Remember(call);
        if (Draw(lost, kind, call.Shape.Name, key)) return;
        var delay = Draw(faults.MessageDelayed, TraceKind.Delayed, call.Shape.Name, key) ? _world.Random.Span(faults.LongestDelay) : TimeSpan.Zero;
        _world.Add(new Ready(way, call.Shape.Name, key, this, null, arrive), delay);
    }

    private bool Draw(double probability, TraceKind kind, string subject, string detail)
    {
        if (!_world.Random.Chance(probability)) return false;
        _world.Record(kind, subject, detail);
        return true;
    }

    // Calls that have ended are forgotten whenever the list has doubled, so it stays in proportion to those that are under way.
    private void Remember(Call call)
    {
        _callsFromOutside.Add(call);
        if (_callsFromOutside.Count < _pruneAt) return;
        _callsFromOutside.RemoveAll(c => c.IsCompleted);
        _pruneAt = Math.Max(64, _callsFromOutside.Count * 2);
    }
}
