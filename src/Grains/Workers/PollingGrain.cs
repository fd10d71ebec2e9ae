using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Grains.Workers;

/// <inheritdoc cref="IPollingGrain"/>
[PreferLocalPlacement]
public sealed class PollingGrain(IPollSessions sessions, TimeProvider time) : Grain, IPollingGrain
{
    /// <summary>A worker's clock may be off either way, and the silos' clocks among each other by as much again.</summary>
    private static readonly TimeSpan SignaturesAreGoodFor = 3 * LinkLimits.PollClockTolerance;

    /// <summary>A hundred requests a second, several times what the rate limits let through.</summary>
    private const int MostSignatures = 10_000;

    private readonly UsedSignatures _used = new(SignaturesAreGoodFor, MostSignatures);

    private WorkerId Id => new(GrainKeys.Split(this.GetPrimaryKeyString()).Name);

    public Task<Outcome> Use(string signed) => Task.FromResult(_used.Take(signed, time.GetUtcNow()) switch
    {
        null => Outcome.Done,
        PollRefusals.SignatureUsed => Outcome.Refused(PollRefusals.SignatureUsed, "This signature was used before; sign each request anew."),
        var full => Outcome.Refused(full, $"More than {MostSignatures} requests of this worker in {SignaturesAreGoodFor.TotalSeconds:0} s; send fewer, or hold a stream."),
    });

    public async Task<Outcome<FetchedTask>> Fetch(TimeSpan wait, CancellationToken cancellationToken = default)
    {
        var session = await Session();
        return session.Value is { } open
            ? Outcome<FetchedTask>.Done(new(await open.Fetch(wait, cancellationToken)))
            : Outcome<FetchedTask>.From(Outcome.From(session));
    }

    public async Task<Outcome> Submit(PolledResult result, CancellationToken cancellationToken = default)
    {
        var session = await Session();
        if (session.Value is not { } open)
            return Outcome.From(session);
        return await open.Submit(result, cancellationToken)
            ? Outcome.Done
            : Outcome.Refused(
                PollRefusals.TaskNotAssigned,
                "This task is not the worker's any more: it was cancelled, handed in before, took too long, or was lost with its server. Send its receipt all the same.");
    }

    public async Task<Outcome<NextHeartbeat>> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken = default)
    {
        var session = await Session();
        if (session.Value is not { } open)
            return Outcome<NextHeartbeat>.From(Outcome.From(session));
        return await open.Beat(runningTasks, gpuUtilizationPercent, cancellationToken) is { } delay
            ? Outcome<NextHeartbeat>.Done(new(delay))
            : Outcome<NextHeartbeat>.Refused(PollRefusals.Ended, "The worker's session ended; send the next heartbeat.");
    }

    private async Task<Outcome<IPollSession>> Session()
    {
        var session = await sessions.Session(Id);
        // Nobody deactivates it while the silo waits for its last requests; the next poll finds it on a silo that goes on.
        if (session.Refusal == PollRefusals.Stopping)
            DeactivateOnIdle();
        return session;
    }
}
