using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Local;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    private readonly Action<Activation> _onGone;
    private readonly TaskCompletionSource _deactivated;
    private AsyncServiceScope? _scope;
    private DeactivationReason? _reason;
    private CancellationToken _stopping;
    private bool _finishing;
    private List<GrainTimer>? _timers;
    private Enumerations? _enumerations;
    private long _lastUse;
    private long _keepUntil;

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Engine.Services;

    public Task Deactivated => _deactivated.Task;

    public Enumerations Enumerations => _enumerations ??= new Enumerations(this);

    /// <summary>Begins the life of the activation. Requests may arrive already; they wait.</summary>
    public void Start() => Post(static self => _ = ((Activation)self!).ActivateAsync(), this);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_stage == Stage.Gone || _reason is not null) return;
            _reason = deactivationReason;
            _stopping = cancellationToken;
            if (_stage == Stage.Activating) return;
            _stage = Stage.Deactivating;
            if (_pumping) return;
            _pumping = true;
        }

        Post(static self => ((Activation)self!).Pump(), this);
    }

    /// <summary>Whether nothing has used the activation for its age limit.</summary>
    public bool IsIdle(TimeSpan age)
    {
        lock (_lock)
        {
            return _stage == Stage.Valid && Load + _interleaving.Count == 0
                && Engine.Time.GetTimestamp() >= _keepUntil && Engine.Time.GetElapsedTime(_lastUse) >= age;
        }
    }

    /// <summary>Ends the activation where it stands, as the death of its machine would: nothing of it runs any more, no goodbye is said.</summary>
    public void Crash()
    {
        List<Call> lost;
        lock (_lock)
        {
            if (_stage == Stage.Gone) return;
            _stage = Stage.Gone;
            lost = [.. _running, .. _interleaving, .. _waiting];
        }

        _turns.End();
        foreach (var timer in _timers?.ToArray() ?? []) timer.Dispose();
        _onGone(this);
        foreach (var call in lost) call.TryFail(new SiloUnavailableException($"{GrainId} was lost with its machine; what {call} did is unknown."));
        _deactivated.TrySetResult();
    }

    public void DelayDeactivation(TimeSpan delay)
    {
        lock (_lock)
        {
            _keepUntil = delay == Timeout.InfiniteTimeSpan || delay == TimeSpan.MaxValue ? long.MaxValue
                : delay <= TimeSpan.Zero ? 0
                : Engine.Time.GetTimestamp() + (long)(delay.TotalSeconds * Engine.Time.TimestampFrequency);
        }
    }

    public IGrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options, gone => _timers?.Remove(gone));
        (_timers ??= []).Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    private async Task ActivateAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(Engine.Options.ActivationTimeout, Engine.Time);
            _scope = Engine.Services.CreateAsyncScope();
            _scope.Value.ServiceProvider.GetRequiredService<GrainContextHolder>().Context = this;
            var facets = Class.CreateFacets(this);
            GrainInstance = Class.Create(ActivationServices, facets);
            foreach (var facet in facets) await facet.SetUpAsync();
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(timeout.Token).WaitAsync(Engine.Options.ActivationTimeout, Engine.Time);
            lock (_lock)
            {
                _stage = _reason is null ? Stage.Valid : Stage.Deactivating;
                _pumping = true;
            }

            Pump();
        }
        catch (Exception failure)
        {
            Engine.ActivationFailed(GrainId, failure);
            lock (_lock)
            {
                _reason = new DeactivationReason(DeactivationReasonCode.ActivationFailed, failure, failure.Message);
                _stage = Stage.Deactivating;
                _finishing = true;
            }

            await FinishAsync();
        }
    }

    private bool ShouldFinish() => _stage == Stage.Deactivating && !_finishing && _running.Count + _interleaved == 0;

    private async Task FinishAsync()
    {
        var reason = _reason!.Value;
        var failed = reason.ReasonCode == DeactivationReasonCode.ActivationFailed;
        foreach (var timer in _timers?.ToArray() ?? []) timer.Dispose();
        if (!failed) await GuardAsync(SayGoodbyeAsync);
        if (_enumerations is not null) await GuardAsync(_enumerations.DisposeAllAsync);
        await GuardAsync(DisposeInstanceAsync);
        _onGone(this);
        Call[] left;
        lock (_lock)
        {
            _stage = Stage.Gone;
            left = [.. _interleaving, .. _waiting];
            _interleaving.Clear();
            _waiting.Clear();
        }

        foreach (var call in left)
        {
            if (call.DiesWithActivation) continue;
            if (failed) call.TryFail(reason.Exception!);
            else Target.Receive(call);
        }

        _deactivated.TrySetResult();
    }

    private async Task SayGoodbyeAsync()
    {
        if (GrainInstance is not IGrainBase grain) return;
        using var timeout = new CancellationTokenSource(Engine.Options.DeactivationTimeout, Engine.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping);
        await grain.OnDeactivateAsync(_reason!.Value, both.Token).WaitAsync(both.Token);
    }

    private async Task DisposeInstanceAsync()
    {
        if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (GrainInstance as IDisposable)?.Dispose();
        if (_scope is { } scope) await scope.DisposeAsync();
    }

    // An activation that is going must go, whatever its grain throws on the way.
    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure)
        {
            Engine.DeactivationFailed(GrainId, failure);
        }
    }
}

/// <summary>Hands the activation to services that its own scope makes, so that they can ask for <see cref="IGrainContext"/>.</summary>
internal sealed class GrainContextHolder
{
    public Activation? Context { get; set; }
}
