using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Pool;

// Workers that stay away without having been drained.
public sealed partial class PoolGrain
{
    private const string DowntimeReminder = "downtime";
    private static readonly TimeSpan DowntimePeriod = TimeSpan.FromHours(1);

    /// <summary>
    /// Opens a slash for every worker that has been inactive too long. The evidence names the worker and the moment, so one absence is
    /// slashed once however often it is looked at. A worker that was drained is not inactive, and one is not blamed for the pool's own
    /// downtime: it becomes inactive when the pool misses it.
    /// </summary>
    public async Task InspectDowntime()
    {
        var now = time.GetUtcNow();
        foreach (var worker in await workers.List(PoolId))
        {
            if (worker.State != WorkerState.Inactive || !SlashRules.IsDowntime(worker.StateSince, now))
                continue;
            var accusation = new SlashAccusation(worker.Registration.Participant, SlashOffence.Downtime, $"Worker {worker.Id} sent no heartbeat after {worker.StateSince:u} and was not drained.");
            var id = SlashRules.IdOf(accusation.Participant, accusation.Offence, accusation.Evidence);
            var grain = GrainFactory.GetGrain<ISlashGrain>($"{PoolId}/{id}");
            if (await grain.Describe() is null && (await grain.Open(accusation)).Accepted)
                LogDowntime(worker.Id.Value, worker.StateSince);
        }
    }
}
