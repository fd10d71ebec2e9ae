using System.Collections.Concurrent;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers.Polling;

/// <inheritdoc cref="IPollSessions"/>
internal sealed class PollSessions(
    WorkerLinkEndpoint endpoint, IGrainFactory grains, IOptions<WorkerLinkOptions> options, IHostApplicationLifetime lifetime, TimeProvider time) : IPollSessions
{
    /// <summary>More than any pool's polling workers; beyond it new ones are turned away.</summary>
    private const int MostSessions = 10_000;

    private readonly Lock _opening = new();
    private readonly ConcurrentDictionary<WorkerId, PollChannel> _channels = new();

    public async Task<Outcome<IPollSession>> Session(WorkerId worker)
    {
        var channel = Current(worker);
        // A session that is open goes on to take its last answers.
        if (channel is null && lifetime.ApplicationStopping.IsCancellationRequested)
            return Outcome<IPollSession>.Refused(PollRefusals.Stopping, "The server of this worker's session stops; try again.");
        channel ??= await Open(worker);
        if (channel is null)
            return Outcome<IPollSession>.Refused(PollRefusals.TooManySessions, "Too many workers poll this server; try again.");
        channel.Heard();
        return await channel.Welcomed.Task
            ? Outcome<IPollSession>.Done(channel)
            : Outcome<IPollSession>.Refused(PollRefusals.NotOpened, $"The pool did not open a session for the worker ({channel.Refusal ?? "ended"}); try again.");
    }

    private PollChannel? Current(WorkerId worker) => _channels.TryGetValue(worker, out var channel) && channel.IsOpen ? channel : null;

    /// <summary>Null when there are too many.</summary>
    private async Task<PollChannel?> Open(WorkerId id)
    {
        var grain = grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(options.Value.PoolId, id));
        var software = (await grain.Describe())?.Registration.Software ?? "";
        // Under a lock, because two first requests at once must not open two sessions.
        lock (_opening)
        {
            if (Current(id) is { } opened)
                return opened;
            return _channels.Count < MostSessions ? _channels[id] = Serve(new(id, software, grain)) : null;
        }
    }

    private PollChannel Serve(ProvenWorker worker)
    {
        var channel = new PollChannel(options.Value.Polling, time);
        // Owned by the channel: it ends with the session, by silence at the latest, and is not the call that opened it.
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
}
