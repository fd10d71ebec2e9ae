namespace CocoonPool.Engine.Local;

/// <summary>
/// One grain instance and the requests that wait for it. Requests start in order of arrival, one at a time unless they
/// may interleave; everything of the grain runs in the turns of <see cref="_turns"/>.
/// </summary>
internal sealed partial class Activation : Receiver, IGrainContext
{
    private readonly Lock _lock = new();
    private readonly TurnScheduler _turns;
    private readonly Queue<Call> _interleaving = new();
    private readonly Queue<Call> _waiting = new();
    private readonly List<Call> _running = new(1);
    private int _interleaved;
    private bool _pumping;
    private Stage _stage = Stage.Activating;

    public Activation(LocalEngine engine, GrainClass grainClass, GrainTarget target, Action<Activation> onGone)
        : base(engine, target.GrainId)
    {
        Class = grainClass;
        Target = target;
        Number = engine.NextNumber();
        _onGone = onGone;
        _deactivated = new TaskCompletionSource(engine.Completions);
        _turns = new TurnScheduler(engine.Pool, this);
        _lastUse = engine.Time.GetTimestamp();
    }

    private enum Stage : byte
    {
        Activating,
        Valid,
        Deactivating,
        Gone,
    }

    public GrainClass Class { get; }

    /// <summary>The place in the order in which activations were made: an order that does not depend on hashes.</summary>
    public long Number { get; }

    public GrainTarget Target { get; }

    public object? GrainInstance { get; private set; }

    public override object? Instance => GrainInstance;

    public int Load
    {
        get
        {
            lock (_lock) return _running.Count + _interleaved + _waiting.Count;
        }
    }

    /// <summary>The request that keeps others waiting.</summary>
    public Call? Blocking
    {
        get
        {
            lock (_lock) return _running.Count > 0 ? _running[0] : null;
        }
    }

    public override string Occupation
    {
        get
        {
            lock (_lock)
            {
                return _stage switch
                {
                    Stage.Valid when _running.Count > 0 => $"busy with {_running[0].Shape}, {_waiting.Count} more waiting",
                    Stage.Valid => "idle",
                    _ => _stage.ToString().ToLowerInvariant(),
                };
            }
        }
    }

    public override bool TryReceive(Call call)
    {
        lock (_lock)
        {
            if (_stage == Stage.Gone) return false;
            call.Receiver = this;
            (call.AlwaysInterleave ? _interleaving : _waiting).Enqueue(call);
            if (!CanStart(call) || _pumping) return true;
            _pumping = true;
        }

        Post(static self => ((Activation)self!).Pump(), this);
        return true;
    }

    public override void Post(Action<object?> action, object? state) => _turns.Post(action, state);

    // Called in a turn: starts every request that may start, then lets go of the turn.
    private void Pump()
    {
        while (true)
        {
            Call? call;
            lock (_lock)
            {
                call = TakeNext();
                if (call is null)
                {
                    _pumping = false;
                    if (!ShouldFinish()) return;
                    _finishing = true;
                }
                else if (call.AlwaysInterleave)
                {
                    _interleaved++;
                }
                else
                {
                    _running.Add(call);
                }
            }

            if (call is null)
            {
                _ = FinishAsync();
                return;
            }

            _ = RunAsync(call);
        }
    }

    private async Task RunAsync(Call call)
    {
        if (!call.IsCompleted) await call.RunAsync(this);
        lock (_lock)
        {
            if (call.AlwaysInterleave) _interleaved--;
            else _running.Remove(call);
            if (call.KeepsAlive) _lastUse = Engine.Time.GetTimestamp();
            if (_pumping) return;
            _pumping = true;
        }

        Pump();
    }

    private Call? TakeNext()
    {
        if (_stage != Stage.Valid) return null;
        if (_interleaving.TryDequeue(out var call)) return call;
        if (_waiting.Count == 0) return null;
        if (CanStart(_waiting.Peek())) return _waiting.Dequeue();
        return _running.TrueForAll(r => r.ReadOnly) ? TakeReadOnly() : null;
    }

    // A reader passes waiting writers while readers run, as in Orleans: a running reader may wait for it.
    private Call? TakeReadOnly()
    {
        Call? found = null;
        for (var i = _waiting.Count; i > 0; i--)
        {
            var call = _waiting.Dequeue();
            if (found is null && call.ReadOnly) found = call;
            else _waiting.Enqueue(call);
        }

        return found;
    }

    private bool CanStart(Call call) => _stage == Stage.Valid
        && (_running.Count == 0 || call.AlwaysInterleave || Class.Reentrant || (call.ReadOnly && _running.TrueForAll(r => r.ReadOnly)));
}
