using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A polling worker's grain as the endpoints see it: a plain object beside the sessions of the silo that it would live on.</summary>
internal sealed class FakePollingGrain(WorkerId id, Func<IPollSessions> sessions) : IPollingGrain
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public Task<Outcome> Use(string signed)
    {
        lock (_used)
            return Task.FromResult(_used.Add(signed) ? Outcome.Done : Outcome.Refused(PollRefusals.SignatureUsed, ""));
    }

    public async Task<Outcome<FetchedTask>> Fetch(TimeSpan wait, CancellationToken cancellationToken = default) =>
        Outcome<FetchedTask>.Done(new(await (await Session()).Fetch(wait, cancellationToken)));

    public async Task<Outcome> Submit(PolledResult result, CancellationToken cancellationToken = default) =>
        await (await Session()).Submit(result, cancellationToken) ? Outcome.Done : Outcome.Refused(PollRefusals.TaskNotAssigned, "");

    public async Task<Outcome<NextHeartbeat>> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken = default) =>
        await (await Session()).Beat(runningTasks, gpuUtilizationPercent, cancellationToken) is { } delay
            ? Outcome<NextHeartbeat>.Done(new(delay))
            : Outcome<NextHeartbeat>.Refused(PollRefusals.Ended, "");

    private async Task<IPollSession> Session() => (await sessions().Session(id)).Value!;
}
