using System.Runtime.CompilerServices;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;

namespace CocoonPool.PoolSimulation.Pool;

/// <summary>The workers' open streams. They end with the engine's life, as sockets do with their process.</summary>
public sealed class WorkerStreams : IWorkerLinks
{
    private readonly Dictionary<WorkerId, string> _open = [];
    private readonly Dictionary<TaskId, (int Tokens, int Status)> _answers = [];

    private readonly HashSet<TaskId> _served = [];

    /// <summary>Did the task reach its worker? Only then is there a receipt.</summary>
    public bool WasServed(TaskId task) => _served.Contains(task);

    /// <summary>What the worker will answer a task with.</summary>
    public void Prepare(TaskId task, int tokens, int status) => _answers[task] = (tokens, status);

    public void Open(WorkerId worker, string streamId) => _open[worker] = streamId;

    public void Close(WorkerId worker) => _open.Remove(worker);

    public void CloseAll() => _open.Clear();

    public bool IsOpen(WorkerId worker, string streamId) => _open.TryGetValue(worker, out var open) && string.Equals(open, streamId, StringComparison.Ordinal);

    public string? Current(WorkerId worker) => _open.GetValueOrDefault(worker);

    public async IAsyncEnumerable<InferenceItem> Run(WorkerId worker, InferenceTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (tokens, status) = _answers[task.Id];
        await Task.Yield();
        if (!_open.ContainsKey(worker))
        {
            yield return new([], 0, new(502, "worker_lost", "The stream is gone."));
            yield break;
        }

        _served.Add(task.Id);

        // Two pieces are enough for a client to leave between them, and cheaper than one for each token.
        yield return new([], tokens / 2, null);
        yield return new([], tokens - tokens / 2, null);
        yield return new([], 0, new(status, status == 200 ? null : "failed", "done"));
    }

    public void RequestDrain(WorkerId worker)
    {
    }
}
