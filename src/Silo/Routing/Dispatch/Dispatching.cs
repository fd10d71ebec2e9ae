using CocoonPool.Domain.Contributions;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Metrics;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Routing;

/// <summary>What every attempt shares: how a task is made and assigned, and what follows from a failure.</summary>
public sealed partial class Dispatching(
    RoutingSnapshot snapshot, AssignmentTickets tickets, WorkerCalls workers, PoolSettings settings, IOptions<InferenceOptions> options,
    InferenceMetrics metrics, TimeProvider time, ILogger<Dispatching> log)
{
    public InferenceOptions Options { get; } = options.Value;

    /// <summary>Gives the request to the worker of an offer whose slot is taken.</summary>
    public Attempt Begin(ModelQueue queue, RouteOffer offer, InferenceRequest request, CancellationToken client)
    {
        var worker = offer.Route.Worker;
        var id = new TaskId($"task_{Guid.CreateVersion7():n}");
        var most = Math.Min(request.Facts.MaxTokens ?? offer.MaxContextLength, offer.MaxContextLength) * request.Facts.Choices;
        var ticket = tickets.Issue(settings.Id, id, worker, new(request.Model, time.GetUtcNow(), request.Body.Length, most));
        var task = new InferenceTask(id, ticket, request.Route, request.Model, request.Stream, request.Body);
        return new(this, queue, offer, task, workers, client);
    }

    internal void Failed(RouteOffer offer, InferenceEnd end, bool opened)
    {
        LogFailed(offer.Route.Worker.Value, end.Code ?? "", end.Message);
        metrics.WorkerFault(end.Code ?? "worker_failed");
        if (opened)
        {
            metrics.BreakerOpened();
            LogOpened(offer.Route.Worker.Value);
        }
        if (string.Equals(end.Code, "worker_lost", StringComparison.Ordinal))
            snapshot.Drop(offer.Route.Worker);
    }

    [LoggerMessage(1711, LogLevel.Warning, "Worker {Worker} failed a request: {Code} ({Message})")]
    private partial void LogFailed(string worker, string code, string message);

    [LoggerMessage(1712, LogLevel.Warning, "Worker {Worker} gets no requests for a while: too many failed")]
    private partial void LogOpened(string worker);
}
