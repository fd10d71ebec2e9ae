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
        await sessions().Session(id) is { Value: { } open }
            ? Outcome<FetchedTask>.Done(new(await open.Fetch(wait, cancellationToken)))
            : Outcome<FetchedTask>.Refused(PollRefusals.NotOpened, "");

    public async Task<Outcome> Submit(PolledResult result, CancellationToken cancellationToken = default) =>
        await sessions().Session(id) is { Value: { } open } && await open.Submit(result, cancellationToken)
            ? Outcome.Done
            : Outcome.Refused(PollRefusals.TaskNotAssigned, "");

    public async Task<Outcome<NextHeartbeat>> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken = default) =>
        await sessions().Session(id) is { Value: { } open } && await open.Beat(runningTasks, gpuUtilizationPercent, cancellationToken) is { } delay
            ? Outcome<NextHeartbeat>.Done(new(delay))
            : Outcome<NextHeartbeat>.Refused(PollRefusals.Ended, "");
}
