using System.Collections.Concurrent;
using CocoonPool.Grains;
using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Silo.Routing;

/// <summary>One worker's offer for one model.</summary>
public sealed record RouteOffer(RouteReport Route, int MaxContextLength, int MaxConcurrency);

/// <summary>
/// This silo's copy of the routing table, refreshed a few times a second, so that no request waits for a grain or a database to
/// find its worker. Knows also which models the pool has at all, to tell an unknown model from one without a free worker.
/// </summary>
public sealed partial class RoutingSnapshot(
    IGrainFactory grains, IWorkerDirectory directory, PoolSettings settings, TimeProvider time, ILogger<RoutingSnapshot> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private const int DirectoryEvery = 25;

    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, RouteOffer[]> _offers = new Dictionary<string, RouteOffer[]>(StringComparer.Ordinal);
    private volatile HashSet<string> _known = new(StringComparer.Ordinal);
    private volatile Task _reading = Task.CompletedTask;
    private TaskCompletionSource _change = New();
    private long _version = -1;

    /// <summary>Every model that a registered worker names, whether or not one can take a request now.</summary>
    public IReadOnlyCollection<string> Models => _known;

    public bool Knows(string model) => _offers.ContainsKey(model) || _known.Contains(model);

    public IReadOnlyList<RouteOffer> Offers(string model) => _offers.TryGetValue(model, out var offers) ? offers : [];

    /// <summary>Tasks that this silo has given to the worker and that run still.</summary>
    public int Running(RouteOffer offer) => _running.GetValueOrDefault(offer.Route.Worker.Value);

    public void Begin(RouteOffer offer) => _running.AddOrUpdate(offer.Route.Worker.Value, 1, (_, running) => running + 1);

    public void End(RouteOffer offer)
    {
        _running.AddOrUpdate(offer.Route.Worker.Value, 0, (_, running) => running - 1);
        Tell();
    }

    /// <summary>Ends when a slot becomes free or the table changes: the moment to look for a worker again.</summary>
    public Task Change => Volatile.Read(ref _change).Task;

    /// <summary>
    /// Is there a worker for the model, perhaps since a moment ago? Before a request is told that there is none, the table is read
    /// once; the requests that come meanwhile wait for the same reading.
    /// </summary>
    public async Task<bool> HasWorkers(string model)
    {
        if (_offers.ContainsKey(model))
            return true;
        var reading = _reading;
        if (reading.IsCompleted)
            _reading = reading = Refresh();
        await reading;
        return _offers.ContainsKey(model);
    }

    /// <summary>Reads the table now.</summary>
    public async Task Refresh()
    {
        var table = await grains.GetGrain<IRouterGrain>(settings.Id).Snapshot();
        if (table.Version == _version)
            return;
        _offers = table.Routes
            .SelectMany(route => route.Models.Select((model, i) => (Model: model, Offer: new RouteOffer(route, route.MaxContextLengths[i], route.MaxConcurrencies[i]))))
            .GroupBy(r => r.Model, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(r => r.Offer).ToArray(), StringComparer.Ordinal);
        _version = table.Version;
        Remember(_offers.Keys);
        Tell();
    }

    private void Tell() => Interlocked.Exchange(ref _change, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var failing = false;
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            try
            {
                await Refresh();
                if (round % DirectoryEvery == 0)
                    Remember((await directory.List(settings.Id, stoppingToken)).SelectMany(w => w.Registration.Models.Select(m => m.Name)));
                failing = false;
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // The last snapshot goes on serving; one line when it begins is enough.
                if (!failing)
                    LogStale(problem);
                failing = true;
            }
        }
    }

    private void Remember(IEnumerable<string> models)
    {
        var all = new HashSet<string>(_known, StringComparer.Ordinal);
        all.UnionWith(models);
        if (all.Count != _known.Count)
            _known = all;
    }

    [LoggerMessage(1701, LogLevel.Warning, "The routing table cannot be read; the last one goes on serving")]
    private partial void LogStale(Exception problem);
}
