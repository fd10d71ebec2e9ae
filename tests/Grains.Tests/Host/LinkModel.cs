using System.Runtime.CompilerServices;
using System.Text;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Tests.Host;

/// <summary>Streams whose workers answer each task with a given number of one-token pieces. The real stream is tested end to end.</summary>
internal sealed class LinkModel : IWorkerLinks
{
    private readonly Dictionary<WorkerId, ObservedTasks> _lent = [];

    public HashSet<string> Open { get; } = new(StringComparer.Ordinal);

    /// <summary>Tokens that the gateway sees of each task.</summary>
    public int Tokens { get; set; } = 10;

    public InferenceEnd End { get; set; } = new(200, null, "done");

    /// <summary>What each task waits for before its end.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public bool IsOpen(WorkerId worker, string streamId) => Open.Contains(streamId);

    public string? Current(WorkerId worker) => Open.FirstOrDefault(stream => stream.EndsWith($"-{worker}", StringComparison.Ordinal));

    public void Lend(WorkerId worker, ObservedTasks? observed)
    {
        lock (_lent)
        {
            if (observed is null)
                _lent.Remove(worker);
            else
                _lent[worker] = observed;
        }
    }

    public ObservedTasks? Lent(WorkerId worker)
    {
        lock (_lent)
            return _lent.GetValueOrDefault(worker);
    }

    public async IAsyncEnumerable<InferenceItem> Run(WorkerId worker, InferenceTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tokens; i++)
        {
            await Task.Yield();
            yield return new(Encoding.UTF8.GetBytes("{}"), 1, null);
        }
        await Held;
        yield return new([], 0, End);
    }

    public void RequestDrain(WorkerId worker)
    {
    }
}
