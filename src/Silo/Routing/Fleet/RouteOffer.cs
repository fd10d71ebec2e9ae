using CocoonPool.Domain.Routing;
using CocoonPool.Grains.Routing;

namespace CocoonPool.Silo.Routing;

/// <summary>One worker's offer for one model, and what this silo knows of it. Made anew with every table; the counts live on in slots and standing.</summary>
public sealed record RouteOffer(RouteReport Route, int MaxContextLength, int MaxConcurrency, ModelSlots Slots, WorkerStanding Standing)
{
    /// <summary>Of the worker's participant, 0 to 1000; changes with closings of epochs and slashes, and is here within half a minute.</summary>
    public int Reputation { get; init; } = Domain.Participants.Reputation.Initial;

    public RouteFacts Facts => new(MaxContextLength, Route.VramGb, Route.Region, Route.Attestation, Route.Coefficient);

    public bool HasFreeSlot => Slots.Running < MaxConcurrency;

    public Candidate Candidate(DateTimeOffset now) => new(
        Route.Worker, Slots.Running, MaxConcurrency, WorkerWeight.Percent(Route.WeightPercent, Route.ServingSince, now), Reputation, Standing.LatencyMicroseconds);

    /// <summary>Takes a slot. Whoever takes it gives it back with <see cref="End"/>, once.</summary>
    public void Begin()
    {
        Slots.Begin();
        Standing.Begin();
    }

    public void End() => Slots.End();
}

/// <summary>Tasks that this silo has given to one worker for one model.</summary>
public sealed class ModelSlots
{
    private int _running;
    private long _given;
    private long _givenBefore;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Belongs to the model's <see cref="FreeOffers"/>, which keeps it here because it lives as long as the slots do.</summary>
    internal SlotListing Listing { get; set; }

    /// <summary>Given in the current and the last window of the fairness figure.</summary>
    public long Recently => Volatile.Read(ref _given) + Volatile.Read(ref _givenBefore);

    public void Begin()
    {
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _given);
    }

    public void End() => Interlocked.Decrement(ref _running);

    public void NextWindow() => Volatile.Write(ref _givenBefore, Interlocked.Exchange(ref _given, 0));
}

/// <summary>What this silo has seen of one worker: how fast it answers and whether its circuit breaker lets requests through.</summary>
public sealed class WorkerStanding(TimeProvider time)
{
    private readonly Lock _lock = new();
    private CircuitBreaker _breaker;
    private PeakEwma _latency;
    private DateTimeOffset _fullUntil;

    public double LatencyMicroseconds
    {
        get
        {
            lock (_lock)
                return _latency.At(time.GetUtcNow());
        }
    }

    public BreakerPhase Phase
    {
        get
        {
            lock (_lock)
                return _breaker.Phase;
        }
    }

    /// <summary>May it be given a request now? Not while its breaker is open, and not for a moment after it said that it is full.</summary>
    public bool Admits(DateTimeOffset now)
    {
        lock (_lock)
            return _breaker.Admits(now) && now >= _fullUntil;
    }

    public void Begin()
    {
        lock (_lock)
            _breaker = _breaker.Begin();
    }

    public void FirstToken(TimeSpan latency)
    {
        lock (_lock)
            _latency = _latency.Observe(latency, time.GetUtcNow());
    }

    public void Succeed()
    {
        lock (_lock)
            _breaker = _breaker.Succeed();
    }

    /// <returns>True when this failure opened the breaker.</returns>
    public bool Fail()
    {
        lock (_lock)
        {
            var before = _breaker;
            _breaker = _breaker.Fail(time.GetUtcNow());
            return _breaker.Phase == BreakerPhase.Open && before.Openings != _breaker.Openings;
        }
    }

    /// <summary>The request ended without saying anything about the worker.</summary>
    public void Release()
    {
        lock (_lock)
            _breaker = _breaker.Release();
    }

    /// <summary>The worker has no room: no fault, but no use to ask again at once either.</summary>
    public void BackPressure(TimeSpan pause)
    {
        lock (_lock)
        {
            _breaker = _breaker.Release();
            _fullUntil = time.GetUtcNow() + pause;
        }
    }
}
