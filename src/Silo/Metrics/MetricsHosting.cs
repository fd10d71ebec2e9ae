using System.Diagnostics.Metrics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace CocoonPool.Silo.Metrics;

/// <summary>Collects the pool's meters and serves them as text on a listener of their own.</summary>
public static class MetricsHosting
{
    private const string Path = "/metrics";
    private static readonly double[] LatencyBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public static IServiceCollection AddPoolMetrics(this IServiceCollection services)
    {
        services.AddSingleton<InferenceMetrics>();
        services.AddSingleton<PrometheusText>();
        services.AddSingleton(provider => new BaseExportingMetricReader(provider.GetRequiredService<PrometheusText>()));
        services.AddSingleton(provider => Sdk.CreateMeterProviderBuilder()
            .AddMeter(InferenceMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
            .AddView("inference_latency", new ExplicitBucketHistogramConfiguration { Boundaries = LatencyBounds })
            .AddView("inference_time_to_first_token", new ExplicitBucketHistogramConfiguration { Boundaries = LatencyBounds })
            .AddView("commit_latency", new ExplicitBucketHistogramConfiguration { Boundaries = LatencyBounds })
            .AddReader(provider.GetRequiredService<BaseExportingMetricReader>())
            .Build());
        services.AddSingleton<MetricsReading>();
        services.AddHostedService<PoolGauges>();
        return services;
    }

    /// <summary>
    /// Keeps the two listeners apart: the metrics are on theirs alone, and nothing else is there. The port that a connection came in at
    /// decides; the Host header says whatever its sender likes.
    /// </summary>
    /// <param name="listen">The metrics listener's URL.</param>
    public static void UseMetricsListener(this WebApplication app, Uri listen) => app.Use((context, next) =>
        (context.Connection.LocalPort == listen.Port) == context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)
            ? next(context)
            : throw ApiException.NotFound("There is nothing at this address."));

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (MetricsReading reading) => Results.Text(reading.Take().Text, "text/plain; version=0.0.4; charset=utf-8"))
            .Requires(Permission.Public).ExcludeFromDescription();
}

/// <summary>Figures of the pool as a whole, read every few seconds rather than at every scrape.</summary>
public sealed class PoolGauges(
    IMeterFactory meters, IWorkerDirectory workers, IEpochStore epochs, ILedgerStore ledger, ISettlementStore settlements, PoolSettings settings, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Measurement<long>[] _workers = [];
    private long _epoch;
    private long _phase;
    private long _alerts;
    private Measurement<long>[] _held = [];
    private double _solvency = 1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var meter = meters.Create(InferenceMetrics.MeterName);
        meter.CreateObservableGauge("worker_status", () => _workers, description: "Workers by state.");
        meter.CreateObservableGauge("epoch_current", () => _epoch, description: "The number of the oldest open epoch.");
        meter.CreateObservableGauge("epoch_unsettled", () => _phase, description: "Epochs that are closed and not settled.");
        meter.CreateObservableGauge("settlement_alerts", () => _alerts, description: "Settlements that cannot go on, such as an underfunded contract.");
        meter.CreateObservableGauge("settlement_payouts_held", () => _held, description: "Payouts that are withheld, or wait to be claimed, by state.");
        meter.CreateObservableGauge("solvency_ratio", () => _solvency, description: "Assets divided by liabilities, from the books.");
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Read(stoppingToken);
            }
            catch (Npgsql.NpgsqlException)
            {
                // Readiness tells that the database is away; the gauges keep their last figures.
            }
        }
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        var states = (await workers.List(settings.Id, cancellationToken)).ToLookup(w => w.State);
        _workers = [.. Enum.GetValues<WorkerState>().Select(s => new Measurement<long>(states[s].Count(), new KeyValuePair<string, object?>("state", s.ToString().ToLowerInvariant())))];
        var all = await epochs.Unsettled(settings.Id, cancellationToken);
        _epoch = all.Where(e => e.Phase == Domain.Epochs.EpochState.Open).Select(e => e.Number.Value).DefaultIfEmpty().Min();
        _phase = all.Count(e => e.Phase != Domain.Epochs.EpochState.Open);
        var figures = await settlements.Figures(settings.Id, cancellationToken);
        _alerts = figures.Alerts;
        _held = [.. new[] { HoldState.Withheld, HoldState.Releasing, HoldState.Claimable }.Select(s => new Measurement<long>(figures.Held.GetValueOrDefault(s), new KeyValuePair<string, object?>("state", HoldWords.Of(s))))];
        _solvency = Solvency.FromBooks(await ledger.Accounts(settings.Id, cancellationToken)).RatioPpm / 1_000_000.0;
    }
}
