using System.Buffers;
using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Silo.Routing;

/// <summary>What a request needs to get a worker.</summary>
/// <param name="Tried">Workers that have failed it already.</param>
/// <param name="Deadline">How long it waits at most.</param>
public sealed record RouteRequest(RouteNeeds Needs, RequestPriority Priority, ulong Prefix, int Bytes, IReadOnlyCollection<WorkerId> Tried, DateTimeOffset Deadline);

/// <summary>How entering ended: with an offer whose slot is taken, or with the reason why not.</summary>
public readonly record struct Admitted(RouteOffer? Offer, AdmissionRefusal? Refusal);

public enum AdmissionRefusal
{
    /// <summary>The queue is full, or had to make room for requests that go first.</summary>
    QueueFull = 1,

    /// <summary>No slot became free in time.</summary>
    Deadline = 2,
}

/// <summary>
/// The requests of one model: chooses a worker at once while there is a free slot and nobody waits, and lets them wait in the order
/// of <see cref="AdmissionQueue{T}"/> otherwise. Choosing and taking the slot are one step under the lock, so no slot is given twice.
/// </summary>
public sealed class ModelQueue
{
    /// <summary>A worker that says it is full is not at fault: its slots are counted on both sides, and the other side's count is a moment behind.</summary>
    private static readonly TimeSpan BackPressurePause = TimeSpan.FromMilliseconds(20);

    /// <summary>How many waiting requests are looked at in one go: one that nobody can serve now must not hold up the others, nor cost without bound.</summary>
    private const int LookAhead = 32;

    /// <summary>Among how many a policy chooses that goes by chance alone. So many that workers of any size keep their share, so few that a choice costs microseconds.</summary>
    private const int Sample = 32;

    private readonly Lock _lock = new();
    private readonly LatencyWindow _firstTokens = new();
    private readonly RoutingSnapshot _snapshot;
    private readonly AdmissionQueue<Waiter> _queue;
    private readonly FreeOffers _free = new();
    private readonly TimeProvider _time;
    private readonly ITimer _later;
    private ulong _turn;

    public ModelQueue(string model, ModelTerms terms, InferenceOptions options, RoutingSnapshot snapshot, TimeProvider time)
    {
        (Model, Terms, _snapshot, _time) = (model, terms, snapshot, time);
        _queue = new(new(terms.QueueCapacity, options.QueueBytes, options.AgeingStep));
        _later = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Model { get; }

    public ModelTerms Terms { get; }

    /// <summary>The 95th percentile of the time to the first token; null while too few were seen.</summary>
    public TimeSpan? UsualFirstToken => _firstTokens.P95;

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    /// <summary>A worker's free slot, at once or within the request's time.</summary>
    public ValueTask<Admitted> Enter(RouteRequest request, CancellationToken cancellationToken)
    {
        Waiter waiter;
        IReadOnlyList<Waiter> displaced;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (_queue.Count == 0 && Choose(request, now) is { } offer)
                return new(new Admitted(offer, null));
            if (request.Deadline <= now)
                return new(new Admitted(null, AdmissionRefusal.Deadline));
            waiter = new(request);
            if (!_queue.TryEnter(waiter, request.Priority, request.Bytes, now, out displaced))
                return new(new Admitted(null, AdmissionRefusal.QueueFull));
        }
        foreach (var other in displaced)
            other.Answer.TrySetResult(new(null, AdmissionRefusal.QueueFull));
        return new(Wait(waiter, cancellationToken));
    }

    /// <summary>A free slot now, or null; for a second worker beside the first.</summary>
    public RouteOffer? TryEnter(RouteRequest request)
    {
        lock (_lock)
            return _queue.Count == 0 ? Choose(request, _time.GetUtcNow()) : null;
    }

    /// <summary>Gives a slot back, and with it the next request its turn.</summary>
    public void Leave(RouteOffer offer)
    {
        offer.End();
        lock (_lock)
            _free.Returned(offer);
        Pump();
    }

    /// <summary>Serves who can be served: called when a slot becomes free and when the table changes.</summary>
    public void Pump()
    {
        List<(Waiter Waiter, RouteOffer Offer)>? served = null;
        lock (_lock)
        {
            if (_queue.Count == 0)
                return;
            var now = _time.GetUtcNow();
            foreach (var waiter in _queue.Order().Take(LookAhead).ToArray())
            {
                if (Choose(waiter.Request, now) is not { } offer)
                    continue;
                _queue.Remove(waiter);
                (served ??= []).Add((waiter, offer));
            }
        }
        foreach (var (waiter, offer) in served ?? [])
            waiter.Answer.TrySetResult(new(offer, null));
    }

    /// <summary>A worker said that it is full: it has a short pause, and then whoever waits gets another look.</summary>
    public void BackPressure(WorkerStanding standing)
    {
        standing.BackPressure(BackPressurePause);
        _later.Change(BackPressurePause, Timeout.InfiniteTimeSpan);
    }

    public void FirstToken(TimeSpan time) => _firstTokens.Add(time);

    /// <summary>Every offer for the model with what speaks against it now, or null, and how the policy sees it.</summary>
    public IReadOnlyList<(RouteOffer Offer, RouteRefusal? Refusal, double Score)> Explain(RouteNeeds needs, ulong prefix)
    {
        var now = _time.GetUtcNow();
        var draw = new Draw(0, 0, prefix);
        return [.. _snapshot.Offers(Model).Select(o => (o, Refusal(o, needs, now), Terms.Policy.Score(o.Candidate(now), draw)))];
    }

    private async Task<Admitted> Wait(Waiter waiter, CancellationToken cancellationToken)
    {
        // Registrations instead of exceptions: under load most waits that end early are routine.
        var left = waiter.Request.Deadline - _time.GetUtcNow();
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        await using var late = deadline.Token.Register(() => GiveUp(waiter));
        await using var gone = cancellationToken.Register(() => GiveUp(waiter));
        var answer = await waiter.Answer.Task;
        if (!cancellationToken.IsCancellationRequested || answer.Offer is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return answer;
        }
        Leave(answer.Offer);
        throw new OperationCanceledException(cancellationToken);
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            if (!_queue.Remove(waiter))
                return;
        }
        waiter.Answer.TrySetResult(new(null, AdmissionRefusal.Deadline));
    }

    /// <summary>Called under the lock.</summary>
    private RouteOffer? Choose(RouteRequest request, DateTimeOffset now)
    {
        var offers = _snapshot.Offers(Model);
        _free.Follow(offers);
        if (_free.Count == 0)
            return null;
        var most = Terms.Policy.GoesByChance ? Math.Min(Sample, _free.Count) : offers.Count;
        var free = ArrayPool<RouteOffer>.Shared.Rent(most);
        var candidates = ArrayPool<Candidate>.Shared.Rent(most);
        try
        {
            var count = 0;
            foreach (var offer in Terms.Policy.GoesByChance ? FreeFromAnywhere() : offers)
            {
                if (request.Tried.Contains(offer.Route.Worker) || Refusal(offer, request.Needs, now) is not null)
                    continue;
                free[count] = offer;
                candidates[count++] = offer.Candidate(now);
                if (count == most)
                    break;
            }
            if (count == 0)
                return null;
            // Chance spreads the load here and keeps no secret: the cheap kind, because the whole model waits for this lock.
            var chosen = Terms.Policy.Choose(candidates.AsSpan(0, count), new((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue), _turn++, request.Prefix));
            free[chosen].Begin();
            _free.Taken(free[chosen]);
            return free[chosen];
        }
        finally
        {
            ArrayPool<RouteOffer>.Shared.Return(free, clearArray: true);
            ArrayPool<Candidate>.Shared.Return(candidates);
        }
    }

    /// <summary>All that have a free slot, from a random one on: whoever takes the first few takes each as often as any other.</summary>
    private IEnumerable<RouteOffer> FreeFromAnywhere()
    {
        var start = Random.Shared.Next(_free.Count);
        for (var step = 0; step < _free.Count; step++)
            yield return _free[(start + step) % _free.Count];
    }

    private static RouteRefusal? Refusal(RouteOffer offer, RouteNeeds needs, DateTimeOffset now)
    {
        if (RouteConstraints.Check(offer.Facts, needs) is { } constraint)
            return constraint;
        if (!offer.Standing.Admits(now))
            return RouteRefusal.Failing;
        return offer.HasFreeSlot ? null : RouteRefusal.NoFreeSlot;
    }

    private sealed class Waiter(RouteRequest request)
    {
        public RouteRequest Request { get; } = request;

        public TaskCompletionSource<Admitted> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
