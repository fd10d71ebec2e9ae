namespace CocoonPool.Engine.Deterministic;

/// <summary>Something that could happen next.</summary>
/// <param name="Life">The engine that it dies with; null for what lies outside the engine.</param>
internal readonly record struct Ready(TraceKind Kind, string Subject, string Detail, Incarnation? Life, IThreadPoolWorkItem? Turns, Action? Action)
{
    public void Run()
    {
        if (Turns is not null) Turns.Execute();
        else Action!();
    }
}

/// <summary>
/// The order of everything. Whatever could happen next waits here; each step draws one of those, and time moves only when
/// there is none. All of it happens on one thread, and who comes from another is named.
/// </summary>
internal sealed class World(ulong seed, DateTimeOffset start)
{
    private const int MostStepsPerInstant = 5_000_000;

    private readonly List<Ready> _ready = [];
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDue);
    private int _thread;
    private long _order;
    private long _stepsAtThisInstant;
    private EscapedOrderException? _escape;

    public SeededRandom Random { get; } = new(seed);

    public Trace Trace { get; } = new();

    public long Steps { get; private set; }

    /// <summary>The virtual time since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>What the wall clock is off by, because somebody set it.</summary>
    public TimeSpan WallOffset { get; set; }

    public DateTimeOffset WallTime => start + Now + WallOffset;

    /// <summary>Whether everything that can happen without time passing has happened.</summary>
    public bool IsQuiet => _ready.Count == 0 && !(_timers.Min?.Due <= Now);

    public void Record(TraceKind kind, string subject, string detail) => Trace.Record(new TraceEntry(Steps, Now, kind, subject, detail));

    public void Add(in Ready ready)
    {
        if (IsForeign(ready.Subject, ready.Detail)) return;
        _ready.Add(ready);
    }

    /// <summary>Adds it when the time has come.</summary>
    public void Add(Ready ready, TimeSpan after)
    {
        if (after <= TimeSpan.Zero) Add(ready);
        else new VirtualTimer(this, ready.Life, _ => Add(ready), null).Change(after, Timeout.InfiniteTimeSpan);
    }

    public void Set(VirtualTimer timer, TimeSpan due)
    {
        if (IsForeign(timer)) return;
        _timers.Remove(timer);
        timer.Due = due;
        timer.Order = _order++;
        _timers.Add(timer);
    }

    public void Unset(VirtualTimer timer)
    {
        if (!IsForeign(timer)) _timers.Remove(timer);
    }

    /// <summary>Forgets all that belongs to an engine that died.</summary>
    public void Bury(Incarnation life)
    {
        _ready.RemoveAll(r => r.Life == life);
        _timers.RemoveWhere(t => t.Life == life);
    }

    /// <summary>Takes steps on this thread while <paramref name="more"/> says so, until nothing is left to happen before <paramref name="until"/>.</summary>
    /// <exception cref="EscapedOrderException">Work came from another thread, so that the run could not be repeated.</exception>
    public void Drive(TimeSpan until, Func<bool> more)
    {
        if (_thread != 0) throw new InvalidOperationException("The simulation is being driven already: only code outside of it may drive it.");
        var outside = SynchronizationContext.Current;
        try
        {
            // Turns must see no context of their own, or their awaits would leave the scheduler of their grain.
            SynchronizationContext.SetSynchronizationContext(null);
            _thread = Environment.CurrentManagedThreadId;
            while (more() && Step(until))
            {
                // Each step is counted and traced where it is taken.
            }

            ThrowIfEscaped();
        }
        finally
        {
            _thread = 0;
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <summary>Moves the clock to a time up to which everything has happened.</summary>
    public void Pass(TimeSpan until)
    {
        if (until <= Now) return;
        Now = until;
        _stepsAtThisInstant = 0;
    }

    private bool Step(TimeSpan until)
    {
        ThrowIfEscaped();
        var timer = _timers.Min;
        var isDue = timer?.Due <= Now;
        if (_ready.Count == 0 && !isDue)
        {
            if (timer is null || timer.Due > until) return false;
            Pass(timer.Due);
            isDue = true;
        }

        Steps++;
        if (++_stepsAtThisInstant > MostStepsPerInstant)
        {
            throw new InvalidOperationException($"{MostStepsPerInstant} steps were taken and no time passed at {WallTime:O}: something asks without waiting.");
        }

        // A timer that is due competes with what is ready: nobody promised which comes first.
        var at = Random.Next(_ready.Count + (isDue ? 1 : 0));
        if (at == _ready.Count) Fire(timer!);
        else Take(at);
        return true;
    }

    private void Fire(VirtualTimer timer)
    {
        _timers.Remove(timer);
        Record(TraceKind.Timer, "", "");
        if (timer.Period > TimeSpan.Zero) Set(timer, timer.Due + timer.Period);
        timer.Fire();
    }

    private void Take(int at)
    {
        var drawn = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Record(drawn.Kind, drawn.Subject, drawn.Detail);
        if (drawn.Life?.Strikes(drawn) is not true) drawn.Run();
    }

    // Between runs any thread may prepare things; while one runs, only its own may.
    private bool IsForeign(string subject, string detail)
    {
        var thread = Volatile.Read(ref _thread);
        if (thread == 0 || thread == Environment.CurrentManagedThreadId) return false;
        Interlocked.CompareExchange(ref _escape, new EscapedOrderException(subject, detail, Environment.StackTrace), null);
        return true;
    }

    private bool IsForeign(VirtualTimer timer) => Environment.CurrentManagedThreadId != _thread && IsForeign("a timer of", timer.Owner);

    private void ThrowIfEscaped()
    {
        if (Volatile.Read(ref _escape) is { } escape) throw escape;
    }
}
