using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Routing;

/// <inheritdoc cref="IRouterGrain"/>
public sealed class RouterGrain(TimeProvider time) : Grain, IRouterGrain
{
    private readonly SortedDictionary<string, RouteReport> _routes = new(StringComparer.Ordinal);

    // Starts from the clock, so that a router that starts anew never repeats a version that a silo has seen with other routes.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task Publish(RouteReport report)
    {
        if (!_routes.TryGetValue(report.Worker.Value, out var known) || !SameRoute(known, report))
        {
            _routes[report.Worker.Value] = report;
            _version++;
        }
        return Task.CompletedTask;
    }

    public Task Withdraw(WorkerId worker)
    {
        if (_routes.Remove(worker.Value))
            _version++;
        return Task.CompletedTask;
    }

    public Task<RouteTable> Snapshot() => Task.FromResult(new RouteTable(_version, [.. _routes.Values]));

    private static bool SameRoute(RouteReport left, RouteReport right) =>
        left.WeightPercent == right.WeightPercent && left.Coefficient == right.Coefficient
        && string.Equals(left.Region, right.Region, StringComparison.Ordinal)
        && left.Models.AsSpan().SequenceEqual(right.Models)
        && left.MaxContextLengths.AsSpan().SequenceEqual(right.MaxContextLengths)
        && left.MaxConcurrencies.AsSpan().SequenceEqual(right.MaxConcurrencies);
}
