using System.Collections.Concurrent;

namespace CocoonPool.Engine.Local;

/// <summary>Which receiver stands for which identity now: at most one, however many callers ask at once.</summary>
internal sealed class ActivationDirectory(LocalEngine engine)
{
    private readonly ConcurrentDictionary<GrainId, Receiver> _receivers = new();
    private volatile bool _stopping;

    /// <summary>How many activations there are, stateless workers counted one by one.</summary>
    public int Count => All.Count();

    public IEnumerable<Activation> All => _receivers.SelectMany(r => r.Value is StatelessWorkers workers ? workers.All : [(Activation)r.Value]);

    public Receiver GetOrAdd(GrainClass grainClass, GrainTarget target)
    {
        if (_receivers.TryGetValue(target.GrainId, out var receiver)) return receiver;
        if (_stopping) throw new SiloUnavailableException($"The engine is stopping and does not activate {target.GrainId}.");
        Receiver made = grainClass.MaxWorkers > 0
            ? new StatelessWorkers(engine, grainClass, target, Remove)
            : new Activation(engine, grainClass, target, Remove);
        receiver = _receivers.GetOrAdd(target.GrainId, made);
        if (ReferenceEquals(receiver, made)) (made as Activation)?.Start();
        return receiver;
    }

    /// <summary>
    /// Ends every activation; nothing new is made. Those whose requests do not end before the token is cancelled are
    /// abandoned: what they had persisted is what counts.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var all = All.OrderBy(a => a.Number).ToList();
        foreach (var activation in all)
        {
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The engine is stopping."), cancellationToken);
        }

        await Task.WhenAll(all.Select(a => a.Deactivated)).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (all.Count(a => !a.Deactivated.IsCompleted) is > 0 and var left) engine.Abandoned(left);
    }

    private void Remove(Receiver receiver) => _receivers.TryRemove(new KeyValuePair<GrainId, Receiver>(receiver.GrainId, receiver));
}
