using System.Diagnostics.Metrics;
using CocoonPool.Domain.Routing;
using CocoonPool.Silo.Metrics;
using OpenTelemetry.Metrics;

namespace CocoonPool.Silo.Routing;

/// <summary>The gateway's state as gauges, read when somebody asks.</summary>
internal sealed class RoutingGauges(MeterProvider provider, IMeterFactory meters, ModelQueues queues, RoutingSnapshot snapshot) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = provider; // Built with this service and not at the first scrape: what is counted before that would be lost.
        var meter = meters.Create(InferenceMetrics.MeterName);
        meter.CreateObservableGauge("inference_waiting", () => queues.All.Select(q => Of(q.Waiting, q.Model)), description: "Requests that wait for a worker.");
        meter.CreateObservableGauge("routing_gini", () => queues.All.Select(q => new Measurement<double>(queues.Gini(q.Model), Model(q.Model))),
            description: "Gini coefficient of the load of a model's workers by weight: 0 is even.");
        meter.CreateObservableGauge("routing_open_breakers", () => snapshot.All.Select(m =>
            Of(m.Value.Count(o => o.Standing.Phase != BreakerPhase.Closed), m.Key)), description: "Workers that get no requests because too many failed.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, string model) => new(value, Model(model));

    private static KeyValuePair<string, object?> Model(string model) => new("model", model);
}
