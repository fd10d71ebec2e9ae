using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Metrics;

namespace CocoonPool.Silo.Routing;

/// <summary>
/// Finds a worker for a request and starts it. A worker that fails before its first token is replaced by another, within the retry
/// budget; after the first token the client has seen something, and a failure is told instead of hidden.
/// </summary>
public sealed class InferenceDispatcher(
    RoutingSnapshot snapshot, ModelQueues queues, Dispatching dispatching, InferenceMetrics metrics, TimeProvider time)
{
    /// <summary>No client waits longer than this for a slot, whatever it asks for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private RetryBudget _budget = RetryBudget.Initial;

    /// <exception cref="ApiException">The pool has no such model.</exception>
    public async ValueTask<ModelQueue> Queue(string model)
    {
        if (!await snapshot.HasWorkers(model) && !snapshot.Knows(model))
            throw new ApiException(404, "model_not_found", $"The model '{model}' does not exist in this pool; GET /v1/models lists what it serves.");
        return queues.Of(model);
    }

    /// <summary>An answer that has begun. Whoever takes it disposes of it; leaving early cancels the work at the worker.</summary>
    /// <exception cref="ApiException">No worker can take the request, or all that were tried failed before the first token.</exception>
    /// <exception cref="BackendRefusedException">The back end refused the request with words of its own.</exception>
    public async Task<Attempt> Start(ModelQueue queue, InferenceRequest request, CancellationToken cancellationToken)
    {
        var options = dispatching.Options;
        var needs = request.Needs(queue.Terms);
        var wait = request.Wishes.Wait ?? options.QueueTime;
        var deadline = time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
        List<WorkerId> tried = [];
        InferenceEnd? failure = null;
        Earn(options.RetryPercent);
        while (true)
        {
            if (!snapshot.Offers(queue.Model).Any(o => !tried.Contains(o.Route.Worker) && RouteConstraints.Check(o.Facts, needs) is null))
                throw failure is null ? AnswerErrors.NoWorker(queue.Model, [.. snapshot.Offers(queue.Model)], needs) : AnswerErrors.Of(failure);
            var wanted = new RouteRequest(needs, request.Wishes.Priority, request.Facts.Prefix, request.Body.Length, tried, deadline);
            var attempt = await Begin(queue, request, wanted, failure, cancellationToken);
            if (await Outcome(attempt) is not { End: { } end } first)
                return attempt;
            await attempt.DisposeAsync();
            switch (ObservedTasks.OutcomeOf(end.Status))
            {
                case TaskOutcome.ClientError or TaskOutcome.ClientAborted:
                    throw first.Data.Length > 0 ? new BackendRefusedException(end.Status, first.Data) : AnswerErrors.Of(end);
                case TaskOutcome.BackPressure:
                    // Nobody's fault: the worker has its pause, the request goes on waiting, and no retry is spent.
                    failure ??= end;
                    continue;
            }
            failure = end;
            tried.Add(attempt.Offer.Route.Worker);
            if (tried.Count > options.MaxRetries || !Spend())
                throw AnswerErrors.Of(end);
            metrics.Retried();
        }
    }

    private async Task<Attempt> Begin(ModelQueue queue, InferenceRequest request, RouteRequest wanted, InferenceEnd? failure, CancellationToken cancellationToken)
    {
        Admitted admitted;
        using (GatewayTracing.Source.StartActivity("inference.admission"))
            admitted = await queue.Enter(wanted, cancellationToken);
        if (admitted.Offer is not { } offer)
            throw failure is { Status: not (429 or 503) } ? AnswerErrors.Of(failure) : AnswerErrors.NotAdmitted(queue.Model, admitted.Refusal);
        var first = dispatching.Begin(queue, offer, request, cancellationToken);
        return queue.Terms.Hedge ? await Hedge(queue, request, wanted, first, cancellationToken) : first;
    }

    /// <summary>
    /// When the first worker has no token after the time in which nearly all have one, a second is asked as well, and whichever begins
    /// first answers. A hedge is paid for like a retry, so that a pool that is slow as a whole does not double its own load.
    /// </summary>
    private async Task<Attempt> Hedge(ModelQueue queue, InferenceRequest request, RouteRequest wanted, Attempt first, CancellationToken cancellationToken)
    {
        if (queue.UsualFirstToken is not { } usual)
            return first;
        try
        {
            await first.First.WaitAsync(usual, time, cancellationToken);
            return first;
        }
        catch (TimeoutException)
        {
            // The reason to hedge.
        }
        catch (OperationCanceledException)
        {
            await first.DisposeAsync();
            throw;
        }
        var other = wanted with { Tried = [.. wanted.Tried, first.Offer.Route.Worker] };
        if (!Spend() || queue.TryEnter(other) is not { } offer)
            return first;
        metrics.Hedged();
        var second = dispatching.Begin(queue, offer, request, cancellationToken);
        var winner = await Task.WhenAny(first.First, second.First) == first.First ? first : second;
        var loser = winner == first ? second : first;
        if (!winner.First.IsCompletedSuccessfully || await winner.First is not null)
            (winner, loser) = (loser, winner);
        await loser.DisposeAsync();
        return winner;
    }

    /// <summary>How the attempt began; its slot is given back when the client left meanwhile.</summary>
    private static async Task<InferenceItem?> Outcome(Attempt attempt)
    {
        try
        {
            return await attempt.First;
        }
        catch
        {
            await attempt.DisposeAsync();
            throw;
        }
    }

    private void Earn(int percent)
    {
        lock (_lock)
            _budget = _budget.Request(percent);
    }

    private bool Spend()
    {
        lock (_lock)
            return _budget.TryRetry(out _budget);
    }
}
