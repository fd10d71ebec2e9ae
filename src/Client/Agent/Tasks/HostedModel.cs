using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Configuration;

namespace CocoonPool.Client.Agent.Tasks;

/// <summary>One model with its back end, and how many requests it runs.</summary>
internal sealed class HostedModel(ModelSection section, IInferenceBackend backend)
{
    private int _running;

    public ModelSection Section { get; } = section;

    public IInferenceBackend Backend { get; } = backend;

    public int Running => Volatile.Read(ref _running);

    /// <summary>False when as many requests run as the file allows.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= Section.MaxConcurrency)
            return true;
        Interlocked.Decrement(ref _running);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);
}
