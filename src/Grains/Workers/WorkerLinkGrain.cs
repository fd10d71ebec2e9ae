using System.Runtime.CompilerServices;

namespace CocoonPool.Grains.Workers;

/// <inheritdoc cref="IWorkerLinkGrain"/>
[PreferLocalPlacement]
public sealed class WorkerLinkGrain(IAgentStreams streams) : Grain, IWorkerLinkGrain
{
    private IAgentStream? _stream;

    public async IAsyncEnumerable<LinkText> Listen([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_stream is not null)
            yield break;
        await using var stream = _stream = streams.Open();
        try
        {
            await foreach (var frame in stream.Outgoing(cancellationToken))
                yield return new(frame);
        }
        finally
        {
            // A stream is opened once; the agent's next one has another key.
            DeactivateOnIdle();
        }
    }

    public Task<bool> Say(LinkText frame) => _stream is { } stream ? stream.Incoming(frame.Utf8) : Task.FromResult(false);

    public Task Close()
    {
        _stream?.Close();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }
}
