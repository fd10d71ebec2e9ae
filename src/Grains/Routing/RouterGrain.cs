using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Routing;

/// <inheritdoc cref="IRouterGrain"/>
public sealed partial class RouterGrain(IWorkerDirectory directory, TimeProvider time, ILogger<RouterGrain> log) : Grain, IRouterGrain
{
    /// <summary>How long a router that starts anew waits for the workers' answers; the rest come while it serves.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RouteReport> _routes = new(StringComparer.Ordinal);

    // Starts from the clock, so that a router that starts anew never repeats a version that a silo has seen with other routes.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Asks the workers where they stand. Without that, a router whose silo was lost would know of nobody until the next heartbeats,
    /// and a pool full of workers would refuse requests for half a minute.
    /// </summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var workers = await directory.List(this.GetPrimaryKeyString(), cancellationToken);
            await Task.WhenAll(workers.Where(w => w.State is WorkerState.Active or WorkerState.Degraded).Select(w => Ask(w.Id)))
                .WaitAsync(Gathering, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // They answer to the running router, or tell it with their next heartbeat.
        }
        await base.OnActivateAsync(cancellationToken);
    }

    public Task Publish(RouteReport report)
    {
        _heard.Add(report.Worker.Value);
        Put(report);
        return Task.CompletedTask;
    }

    private void Put(RouteReport report)
    {
        if (!_routes.TryGetValue(report.Worker.Value, out var known) || !SameRoute(known, report))
        {
            _routes[report.Worker.Value] = report;
            _version++;
        }
    }

    public Task Withdraw(WorkerId worker)
    {
        _heard.Add(worker.Value);
        if (_routes.Remove(worker.Value))
            _version++;
        return Task.CompletedTask;
    }

    public Task<RouteTable> Snapshot() => Task.FromResult(new RouteTable(_version, [.. _routes.Values]));

    private async Task Ask(WorkerId worker)
    {
        try
        {
            var route = await GrainFactory.GetGrain<IWorkerGrain>(GrainKeys.Worker(this.GetPrimaryKeyString(), worker)).Route();
            // What the worker has said of its own accord in the meantime is newer.
            if (route is not null && !_heard.Contains(worker.Value))
                Put(route);
        }
        catch (Exception problem)
        {
            LogSilent(worker.Value, problem.Message);
        }
    }

    [LoggerMessage(1251, LogLevel.Warning, "Worker {Worker} does not say where it stands: {Problem}")]
    private partial void LogSilent(string worker, string problem);

    private static bool SameRoute(RouteReport left, RouteReport right) =>
        left.WeightPercent == right.WeightPercent && left.Coefficient == right.Coefficient
        && left.VramGb == right.VramGb && left.ServingSince == right.ServingSince
        && string.Equals(left.Attestation, right.Attestation, StringComparison.Ordinal)
        && string.Equals(left.Region, right.Region, StringComparison.Ordinal)
        && left.Models.AsSpan().SequenceEqual(right.Models)
        && left.MaxContextLengths.AsSpan().SequenceEqual(right.MaxContextLengths)
        && left.MaxConcurrencies.AsSpan().SequenceEqual(right.MaxConcurrencies);
}
