using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <inheritdoc cref="IWorkerLinks"/>
internal sealed class WorkerLinks : IWorkerLinks
{
    private readonly ConcurrentDictionary<WorkerId, WorkerSession> _sessions = new();

    /// <summary>Told when a worker has no open stream on this silo any more.</summary>
    public Action<WorkerId>? StreamEnded { get; set; }

    public bool IsOpen(WorkerId worker, string streamId) =>
        _sessions.TryGetValue(worker, out var session) && session.IsOpen && string.Equals(session.StreamId, streamId, StringComparison.Ordinal);

    public string? Current(WorkerId worker) => _sessions.TryGetValue(worker, out var session) && session.IsOpen ? session.StreamId : null;

    public void Lend(WorkerId worker, ObservedTasks? observed)
    {
        if (_sessions.TryGetValue(worker, out var session))
            session.Lent = observed;
    }

    public ObservedTasks? Lent(WorkerId worker) => _sessions.TryGetValue(worker, out var session) && session.IsOpen ? session.Lent : null;

    public async IAsyncEnumerable<InferenceItem> Run(
        WorkerId worker, InferenceTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(worker, out var session))
        {
            yield return new InferenceItem([], 0, WorkerEnds.Lost);
            yield break;
        }
        if (session.TryAssign(task, out var running) is { } refusal)
        {
            yield return new InferenceItem([], 0, refusal);
            yield break;
        }
        try
        {
            while (await running.Items.WaitToReadAsync(cancellationToken))
            {
                while (running.Items.TryRead(out var item))
                {
                    yield return item;
                    if (item.End is not null)
                        yield break;
                    session.Consumed(running);
                }
            }
        }
        finally
        {
            // Without effect when the end was seen; otherwise the reader went away and the worker must not go on for nobody.
            session.Abandon(running, "client_gone");
        }
    }

    public void RequestDrain(WorkerId worker)
    {
        if (_sessions.TryGetValue(worker, out var session))
            session.RequestDrain();
    }

    /// <summary>Makes this the worker's stream. An older one is told so and closed; its tasks end as lost.</summary>
    public void Add(WorkerSession session)
    {
        WorkerSession? older = null;
        _sessions.AddOrUpdate(session.Id, session, (_, current) =>
        {
            older = current;
            return session;
        });
        older?.End(LinkErrors.Replaced, "Another stream of this worker was opened; this one ends.");
    }

    /// <summary>Forgets this very stream; a newer one of the same worker stays.</summary>
    public void Remove(WorkerSession session)
    {
        if (_sessions.TryRemove(KeyValuePair.Create(session.Id, session)))
            StreamEnded?.Invoke(session.Id);
    }
}
