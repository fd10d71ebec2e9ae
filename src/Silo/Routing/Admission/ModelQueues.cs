using System.Collections.Concurrent;
using CocoonPool.Domain.Routing;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Routing;

/// <summary>The queue of every model that was asked for. Only models that the pool knows get one, so that made-up names cost no memory.</summary>
public sealed class ModelQueues
{
    private readonly ConcurrentDictionary<string, ModelQueue> _queues = new(StringComparer.Ordinal);
    private readonly RoutingSnapshot _snapshot;
    private readonly InferenceOptions _options;
    private readonly TimeProvider _time;

    public ModelQueues(RoutingSnapshot snapshot, IOptions<InferenceOptions> options, TimeProvider time)
    {
        (_snapshot, _options, _time) = (snapshot, options.Value, time);
        snapshot.Changed += (_, _) => Pump();
    }

    public IEnumerable<ModelQueue> All => _queues.Values;

    public ModelQueue Of(string model) =>
        _queues.TryGetValue(model, out var queue) ? queue : _queues.GetOrAdd(model, name => new(name, ModelTerms.Of(_options, name), _options, _snapshot, _time));

    /// <summary>The Gini coefficient of what the model's workers were given in the last minutes, by their weight.</summary>
    public double Gini(string model)
    {
        var now = _time.GetUtcNow();
        var offers = _snapshot.Offers(model);
        return Fairness.Gini([.. offers.Select(o => (double)o.Slots.Recently)], [.. offers.Select(o => o.Candidate(now).Capacity)]);
    }

    private void Pump()
    {
        foreach (var queue in _queues.Values)
            queue.Pump();
    }
}
