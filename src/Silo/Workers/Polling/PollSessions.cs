using System.Collections.Concurrent;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>The polling workers of this silo: who asks is proven by the signature of each request; the first one opens the session.</summary>
internal sealed class PollSessions(
    WorkerLinkEndpoint endpoint, IGrainFactory grains, IOptions<WorkerLinkOptions> options, TimeProvider time)
{
    /// <summary>More than any pool's polling workers; beyond it new ones are turned away.</summary>
    private const int MostSessions = 10_000;
    private const int MostSignatures = 200_000;

    private readonly Lock _opening = new();
    private readonly ConcurrentDictionary<WorkerId, PollChannel> _channels = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <exception cref="ApiException">401: the request was not signed by this worker just now, or was sent before.</exception>
    public async Task<ProvenWorker> Prove(HttpContext context, WorkerId id, ReadOnlyMemory<byte> body)
    {
        var header = context.Request.Headers[PollProof.Header] is [{ Length: > 0 and <= 128 } only] ? only : "";
        var grain = grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(options.Value.PoolId, id));
        if (options.Value.AcceptMockSignatures && header.StartsWith("mock_", StringComparison.Ordinal) && await grain.Describe() is { } synthetic)
            return new(id, synthetic.Registration.Software, grain);
        var now = time.GetUtcNow();
        if (header.Length == 0
            || await grain.Describe() is not { } worker
            || PollProof.Verify(worker.Registration.PublicKey, header, options.Value.PoolId, context.Request.Path, now, body.Span) is not { } signed)
            throw NotSigned();
        if (!Once($"{id}/{signed}", now))
            throw new ApiException(401, "unauthorized", "This signature was used before; sign each request anew.");
        return new(id, worker.Registration.Software, grain);
    }

    /// <summary>The worker's session, opened when there is none.</summary>
    /// <exception cref="ApiException">The pool does not open one now.</exception>
    public async Task<PollChannel> Session(ProvenWorker worker)
    {
        PollChannel? channel;
        // Under a lock, because two first requests at once must not open two sessions.
        lock (_opening)
        {
            if (!_channels.TryGetValue(worker.Id, out channel) || !channel.IsOpen)
            {
                if (_channels.Count >= MostSessions)
                    throw new ApiException(503, "service_unavailable", "Too many workers poll this server; try again.") { RetryAfterSeconds = 30 };
                _channels[worker.Id] = channel = Open(worker);
            }
        }
        channel.Heard();
        if (!await channel.Welcomed.Task)
            throw new ApiException(503, "service_unavailable", $"The pool did not open a session for the worker ({channel.Refusal ?? "ended"}); try again.") { RetryAfterSeconds = 2 };
        return channel;
    }

    public static ApiException NotSigned() =>
        new(401, "unauthorized", $"Sign the request with the worker's registered key in {PollProof.Header}; see docs/worker-protocol.md.");

    private PollChannel Open(ProvenWorker worker)
    {
        var channel = new PollChannel(options.Value.Polling, time);
        // Owned by the channel: it ends with the session, by silence at the latest, and is not the request that opened it.
        using var apart = ExecutionContext.SuppressFlow();
        _ = Task.Run(async () =>
        {
            try
            {
                await endpoint.ServeProven(worker, channel, CancellationToken.None);
            }
            finally
            {
                channel.Abort();
                _channels.TryRemove(KeyValuePair.Create(worker.Id, channel));
            }
        });
        return channel;
    }

    private bool Once(string signed, DateTimeOffset now)
    {
        if (_used.Count >= MostSignatures)
        {
            foreach (var (old, until) in _used)
            {
                if (until < now)
                    _used.TryRemove(old, out _);
            }
        }
        return _used.TryAdd(signed, now + (2 * PollProof.Tolerance));
    }
}
