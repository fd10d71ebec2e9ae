using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>A request that a worker has begun to answer.</summary>
/// <param name="Items">The first item is there already; the last one has an End.</param>
public sealed record Dispatched(WorkerId Worker, TaskId Task, IAsyncEnumerable<InferenceItem> Items);

/// <summary>
/// Finds a worker for a request and starts it. A worker that fails before its first token is replaced by another, at most twice;
/// after the first token the client has seen something, and a failure is told instead of hidden. A silo that goes away takes its
/// workers' streams with it, so a call that the engine cannot complete is the loss of its worker, not an error of the pool.
/// </summary>
public sealed partial class InferenceDispatcher(
    RoutingSnapshot snapshot, IRoutingPolicy policy, AssignmentTickets tickets, IGrainFactory grains, PoolSettings settings, TimeProvider time,
    ILogger<InferenceDispatcher> log)
{
    private const int MaxAttempts = 3;
    private static readonly InferenceEnd Lost = new(502, "worker_lost", "The server that holds the worker's stream went away.");

    /// <summary>How long a request waits for a slot when all workers of its model are busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A worker that says it is full is not at fault: its slots are counted on both sides, and the other side's count is a moment
    /// behind. It may be asked again after this.
    /// </summary>
    private static readonly TimeSpan BackPressurePause = TimeSpan.FromMilliseconds(20);

    /// <summary>How many requests may wait at once; more are told to come back, so that waiting costs bounded memory.</summary>
    private const int MaxWaiting = 256;

    private int _waiting;

    /// <exception cref="ApiException">No worker can take the request, or all that were tried failed before the first token.</exception>
    public async Task<Dispatched> Start(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (!await snapshot.HasWorkers(request.Model) && !snapshot.Knows(request.Model))
            throw new ApiException(404, "model_not_found", $"The model '{request.Model}' does not exist in this pool; GET /v1/models lists what it serves.");
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var start = time.GetTimestamp();
        InferenceEnd? failure = null;
        while (tried.Count < MaxAttempts && await ChooseOrWait(request, tried, start, cancellationToken) is { } offer)
        {
            var (started, end) = await Try(request, offer, cancellationToken);
            if (started is not null)
                return started;
            failure = end;
            if (end!.Status is 429 or 503 && time.GetElapsedTime(start) < Patience)
                await Task.Delay(BackPressurePause, time, cancellationToken);
            else
                tried.Add(offer.Route.Worker.Value);
        }
        throw failure is null ? NoWorker(request) : Failed(failure);
    }

    /// <summary>A worker with a free slot; for the first attempt also one whose slot becomes free in time.</summary>
    private async Task<RouteOffer?> ChooseOrWait(InferenceRequest request, HashSet<string> tried, long start, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before looking: a change between the look and the waiting is not missed.
            var change = snapshot.Change;
            if (Choose(request, tried) is { } offer)
                return offer;
            var left = Patience - time.GetElapsedTime(start);
            if (tried.Count > 0 || left <= TimeSpan.Zero || snapshot.Offers(request.Model).Count == 0 || Volatile.Read(ref _waiting) >= MaxWaiting)
                return null;
            Interlocked.Increment(ref _waiting);
            try
            {
                await change.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private RouteOffer? Choose(InferenceRequest request, HashSet<string> tried)
    {
        var free = snapshot.Offers(request.Model)
            .Where(o => !tried.Contains(o.Route.Worker.Value) && snapshot.Running(o) < o.MaxConcurrency)
            .ToArray();
        var candidates = free.Select(o => new Candidate(o.Route.Worker, snapshot.Running(o), o.MaxConcurrency, o.Route.WeightPercent)).ToArray();
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        var chosen = policy.Choose(candidates, BitConverter.ToUInt64(random));
        return chosen < 0 ? null : free[chosen];
    }

    private async Task<(Dispatched? Started, InferenceEnd? End)> Try(InferenceRequest request, RouteOffer offer, CancellationToken cancellationToken)
    {
        var worker = offer.Route.Worker;
        var id = new TaskId($"task_{Guid.CreateVersion7():n}");
        var assignment = new Assignment(request.Model, time.GetUtcNow(), request.Body.Length, Math.Min(request.MaxTokens ?? offer.MaxContextLength, offer.MaxContextLength));
        var task = new InferenceTask(id, tickets.Issue(settings.Id, id, worker, assignment), request.Route, request.Model, request.Stream, request.Body);
        snapshot.Begin(offer);
        var items = grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(settings.Id, worker)).Execute(task, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            if (!await items.MoveNextAsync())
                throw new InvalidOperationException("A worker's answer ended without an end.");
            if (items.Current is { Data.Length: 0, End: { Status: not 200 } end })
            {
                await Release(items, offer);
                return end.Status is >= 400 and < 500 and not 429 ? throw Failed(end) : (null, end);
            }
            return (new(worker, id, Rest(items, offer, cancellationToken)), null);
        }
        catch (Exception problem) when (IsLoss(problem))
        {
            LogLost(worker.Value, problem.Message);
            await Release(items, offer);
            return (null, Lost);
        }
        catch (Exception problem) when (problem is not ApiException)
        {
            await Release(items, offer);
            throw;
        }
    }

    /// <summary>The first item, which is there, and the others as they come. Leaving early cancels the work at the worker.</summary>
    private async IAsyncEnumerable<InferenceItem> Rest(IAsyncEnumerator<InferenceItem> items, RouteOffer offer, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            bool? more;
            do
            {
                yield return items.Current;
                cancellationToken.ThrowIfCancellationRequested();
                more = await Next(items, offer);
            }
            while (more is true);
            if (more is null)
                yield return new([], 0, Lost);
        }
        finally
        {
            await Release(items, offer);
        }
    }

    /// <summary>Is there another item? Null when the worker is lost.</summary>
    private async ValueTask<bool?> Next(IAsyncEnumerator<InferenceItem> items, RouteOffer offer)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception problem) when (IsLoss(problem))
        {
            LogLost(offer.Route.Worker.Value, problem.Message);
            return null;
        }
    }

    private async ValueTask Release(IAsyncEnumerator<InferenceItem> items, RouteOffer offer)
    {
        snapshot.End(offer);
        try
        {
            await items.DisposeAsync();
        }
        catch (Exception problem) when (IsLoss(problem))
        {
            // To leave an enumeration is a call too; where nobody is left to be told, nothing is left to be cancelled.
        }
    }

    private static bool IsLoss(Exception problem) => problem is OrleansException or EnumerationAbortedException or TimeoutException;

    private ApiException NoWorker(InferenceRequest request) => snapshot.Offers(request.Model).Count == 0
        ? new(503, "no_worker_available", $"No worker for '{request.Model}' is online now; try again.") { RetryAfterSeconds = 5 }
        : new(429, "rate_limit_exceeded", $"All workers for '{request.Model}' are busy; try again.") { RetryAfterSeconds = 1 };

    /// <summary>A worker's failure as the client sees it: its own mistakes as they are, the worker's as a gateway error.</summary>
    public static ApiException Failed(InferenceEnd end) => end.Status switch
    {
        >= 400 and < 500 => new(end.Status, end.Code ?? "invalid_request", end.Message) { RetryAfterSeconds = end.Status == 429 ? 1 : null },
        503 => new(503, "no_worker_available", "The workers for this model take no request right now; try again.") { RetryAfterSeconds = 1 },
        504 => new(504, "gateway_timeout", "The worker did not answer in time; try again."),
        _ => new(502, "bad_gateway", "The worker failed before it answered, and so did the others that were tried; try again."),
    };

    [LoggerMessage(1711, LogLevel.Warning, "Worker {Worker} was lost with a task: {Problem}")]
    private partial void LogLost(string worker, string problem);
}
