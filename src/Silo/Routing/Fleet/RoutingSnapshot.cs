using System.Collections.Concurrent;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Silo.Routing;

/// <summary>
/// This silo's copy of the routing table, refreshed five times a second, so that no request waits for a grain or a database to
/// find its worker. A worker whose stream ends, here or by the word of a failed call, is out of it at once. Knows also which models
/// the pool has at all, to tell an unknown model from one without a free worker.
/// </summary>
public sealed partial class RoutingSnapshot : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private const int DirectoryEvery = 25;
    private const int ReputationsEvery = 150;

    /// <summary>Rounds after which the fairness figure takes a new window: a minute.</summary>
    private const int WindowEvery = 300;

    private readonly IGrainFactory _grains;
    private readonly IWorkerDirectory _directory;
    private readonly IParticipantDirectory _participants;
    private readonly PoolSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<RoutingSnapshot> _log;
    private readonly ConcurrentDictionary<WorkerId, WorkerStanding> _standings = new();
    private readonly ConcurrentDictionary<(WorkerId Worker, string Model), ModelSlots> _slots = new();
    private readonly Lock _lock = new();
    private volatile IReadOnlyDictionary<string, RouteOffer[]> _offers = new Dictionary<string, RouteOffer[]>(StringComparer.Ordinal);
    private volatile HashSet<string> _known = new(StringComparer.Ordinal);
    private volatile Task _reading = Task.CompletedTask;
    private Dictionary<WorkerId, int> _reputations = [];
    private long _version = -1;

    public RoutingSnapshot(
        IGrainFactory grains, IWorkerDirectory directory, IParticipantDirectory participants, PoolSettings settings, TimeProvider time, ILogger<RoutingSnapshot> log) =>
        (_grains, _directory, _participants, _settings, _time, _log) = (grains, directory, participants, settings, time, log);

    /// <summary>Told after every change of the table, and in every round: breakers and pauses end by time alone.</summary>
    public event EventHandler? Changed;

    /// <summary>Every model that a registered worker names, whether or not one can take a request now.</summary>
    public IReadOnlyCollection<string> Models => _known;

    public bool Knows(string model) => _offers.ContainsKey(model) || _known.Contains(model);

    public IReadOnlyList<RouteOffer> Offers(string model) => _offers.TryGetValue(model, out var offers) ? offers : [];

    /// <summary>All offers by model.</summary>
    public IReadOnlyDictionary<string, RouteOffer[]> All => _offers;

    /// <summary>
    /// Is there a worker for the model, perhaps since a moment ago? Before a request is told that there is none, the table is read
    /// once; the requests that come meanwhile wait for the same reading.
    /// </summary>
    public ValueTask<bool> HasWorkers(string model) => _offers.ContainsKey(model) ? new(true) : new(ReadAndLook(model));

    private async Task<bool> ReadAndLook(string model)
    {
        var reading = _reading;
        if (reading.IsCompleted)
            _reading = reading = Refresh();
        await reading;
        return _offers.ContainsKey(model);
    }

    /// <summary>Takes a worker out until the table is read again: its stream is gone.</summary>
    public void Drop(WorkerId worker)
    {
        lock (_lock)
        {
            _offers = _offers
                .Select(o => (Model: o.Key, Left: o.Value.Where(offer => offer.Route.Worker != worker).ToArray()))
                .Where(o => o.Left.Length > 0)
                .ToDictionary(o => o.Model, o => o.Left, StringComparer.Ordinal);
            _version = -1;
        }
    }

    /// <summary>Reads the table now.</summary>
    public async Task Refresh()
    {
        var table = await _grains.GetGrain<IRouterGrain>(_settings.Id).Snapshot();
        lock (_lock)
        {
            if (table.Version != _version)
            {
                _offers = table.Routes
                    .SelectMany(route => route.Models.Select((model, i) => (Model: model, Offer: Offer(route, model, i))))
                    .GroupBy(r => r.Model, StringComparer.Ordinal)
                    .ToDictionary(g => g.Key, g => g.Select(r => r.Offer).ToArray(), StringComparer.Ordinal);
                _version = table.Version;
                Remember(_offers.Keys);
                Forget(table);
            }
        }
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private RouteOffer Offer(RouteReport route, string model, int index) => new(
        route, route.MaxContextLengths[index], route.MaxConcurrencies[index],
        _slots.GetOrAdd((route.Worker, model), _ => new()), _standings.GetOrAdd(route.Worker, _ => new(_time)))
    {
        Reputation = _reputations.GetValueOrDefault(route.Worker, Reputation.Initial),
    };

    /// <summary>Reputations change with closings and slashes alone, so they are read seldom, and never by a request.</summary>
    public async Task ReadReputations(CancellationToken cancellationToken)
    {
        var reputations = await _participants.Reputations(_settings.Id, cancellationToken);
        var workers = await _directory.List(_settings.Id, cancellationToken);
        lock (_lock)
        {
            _reputations = workers.ToDictionary(w => w.Id, w => reputations.GetValueOrDefault(w.Registration.Participant, Reputation.Initial));
            _version = -1;
        }
    }

    /// <summary>What is known of workers that are long gone. A running task holds its own references.</summary>
    private void Forget(RouteTable table)
    {
        if (_standings.Count <= 2 * table.Routes.Length + 1_000)
            return;
        var present = table.Routes.Select(r => r.Worker).ToHashSet();
        foreach (var gone in _standings.Keys.Where(worker => !present.Contains(worker)))
            _standings.TryRemove(gone, out _);
        foreach (var gone in _slots.Where(s => !present.Contains(s.Key.Worker) && s.Value.Running == 0))
            _slots.TryRemove(gone);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        var failing = false;
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            try
            {
                if (round % WindowEvery == WindowEvery - 1)
                {
                    foreach (var slots in _slots.Values)
                        slots.NextWindow();
                }
                if (round % ReputationsEvery == 0)
                    await ReadReputations(stoppingToken);
                await Refresh();
                if (round % DirectoryEvery == 0)
                    Remember((await _directory.List(_settings.Id, stoppingToken)).SelectMany(w => w.Registration.Models.Select(m => m.Name)));
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
