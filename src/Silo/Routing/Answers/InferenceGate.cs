using System.Diagnostics;
using CocoonPool.Domain.Routing;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Metering;
using CocoonPool.Silo.Metrics;

namespace CocoonPool.Silo.Routing;

/// <summary>The one way of every inference request, whichever of the routes it came on: known model, covered by the client's balance, admitted, begun.</summary>
public sealed class InferenceGate(InferenceDispatcher dispatcher, ClientMeter meter, RoutingSnapshot snapshot, InferenceMetrics metrics)
{
    /// <summary>An answer that has begun; its headers are set. Whoever takes it disposes of it.</summary>
    /// <exception cref="ApiException">The request is refused or failed before its first token; nothing stays reserved for it.</exception>
    /// <exception cref="BackendRefusedException">The back end refused the request with words of its own.</exception>
    public async Task<OpenAnswer> Open(HttpContext context, InferenceRequest request)
    {
        var queue = await dispatcher.Queue(request.Model);
        var offers = snapshot.Offers(request.Model);
        var activity = GatewayTracing.Source.StartActivity("inference.request")?.SetTag("model", request.Model);
        var measured = metrics.Begin(request.Model);
        MeteredRequest? metered = null;
        try
        {
            // Nobody to serve it now: what it can cost is not known, and a worker that comes in the next moment must not serve it unpaid.
            if (offers.Count == 0)
                throw AnswerErrors.NoWorker(request.Model, [], RouteNeeds.None);
            using (GatewayTracing.Source.StartActivity("inference.metering"))
                metered = await meter.Begin(context.Holder()!, request, queue.Terms, offers, context.RequestAborted);
            var attempt = await dispatcher.Start(queue, request, context.RequestAborted);
            context.Response.Headers["X-Worker-ID"] = attempt.Offer.Route.Worker.Value;
            context.Response.Headers["X-Task-ID"] = attempt.Task.Value;
            return new(request, attempt, metered, measured, activity);
        }
        catch (Exception problem)
        {
            metered?.Void();
            measured.End(problem switch
            {
                ApiException refused => ObservedTasks.OutcomeOf(refused.Status),
                BackendRefusedException => Domain.Contributions.TaskOutcome.ClientError,
                OperationCanceledException => Domain.Contributions.TaskOutcome.ClientAborted,
                _ => Domain.Contributions.TaskOutcome.WorkerFault,
            });
            activity?.Dispose();
            throw;
        }
    }
}

/// <summary>An answer on its way to a client. Counts what passes; disposing of it settles the charge by what was seen, however it ended.</summary>
public sealed class OpenAnswer : IAsyncDisposable
{
    private readonly MeteredRequest _metered;
    private readonly InferenceMetrics.Measurement _measured;
    private readonly Activity? _activity;
    private readonly Activity? _answering = GatewayTracing.Source.StartActivity("inference.answer");
    private readonly Attempt _attempt;
    private bool _firstPending = true;
    private long _tokens;

    internal OpenAnswer(InferenceRequest request, Attempt attempt, MeteredRequest metered, InferenceMetrics.Measurement measured, Activity? activity) =>
        (Request, _attempt, _metered, _measured, _activity) = (request, attempt, metered, measured, activity);

    public InferenceRequest Request { get; }

    public RouteOffer Offer => _attempt.Offer;

    public string Task => _attempt.Task.Value;

    public InferenceItem Current => _attempt.Current;

    /// <summary>The next item into <see cref="Current"/>. The last one has an end; a loss is such an end too.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public ValueTask<bool> MoveNext()
    {
        if (_firstPending)
        {
            _firstPending = false;
            Count();
            return new(true);
        }
        var next = _attempt.MoveNext();
        if (!next.IsCompletedSuccessfully)
            return Await(next);
        if (next.Result)
            Count();
        return next;
    }

    /// <summary>The answer came whole, and yet the client can not be given it: it costs nothing.</summary>
    public void Reject() => _metered.Void();

    public async ValueTask DisposeAsync()
    {
        var end = _firstPending ? null : Current.End;
        try
        {
            await _attempt.DisposeAsync();
        }
        finally
        {
            if (_firstPending)
                _metered.Void();
            _metered.Settle(end, _tokens, Offer.Route.Coefficient);
            _measured.End(end is null ? Domain.Contributions.TaskOutcome.ClientAborted : ObservedTasks.OutcomeOf(end.Status));
            _answering?.Dispose();
            _activity?.Dispose();
        }
    }

    private async ValueTask<bool> Await(ValueTask<bool> next)
    {
        var more = await next;
        if (more)
            Count();
        return more;
    }

    private void Count()
    {
        if (Current.Data.Length == 0)
            return;
        _tokens += Current.Tokens;
        _measured.Token(Current.Tokens);
    }
}
