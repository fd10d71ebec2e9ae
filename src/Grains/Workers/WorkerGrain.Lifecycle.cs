using CocoonPool.Domain;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Routing;

namespace CocoonPool.Grains.Workers;

// State changes, heartbeats that stay away, uptime and the worker's line in the routing table.
public sealed partial class WorkerGrain
{
    private async Task<Outcome<WorkerDescription>> Apply(WorkerCommand command, string cause, Func<WorkerRecord, WorkerRecord>? also = null)
    {
        if (record.State.Registration is null)
            return NotRegistered();
        var transition = WorkerLifecycle.Apply(record.State.State, command);
        if (!transition.Accepted)
            return Outcome<WorkerDescription>.Refused("illegal_transition", $"{transition.Refusal}: the worker is {record.State.State.ToString().ToLowerInvariant()}.");
        if (transition.To != record.State.State)
        {
            var before = record.State;
            var next = before with { State = transition.To, StateCause = cause, StateSince = time.GetUtcNow() };
            record.State = also is null ? next : also(next);
            await Save(record.State.IsOtherForEpochs(before));
            StartOrStopUptime(transition);
            LogStateChanged(Id.Value, transition.From, transition.To, cause);
            await PublishRoute();
        }
        return Outcome<WorkerDescription>.Done(DescribeNow());
    }

    /// <summary>A drain is over as soon as nothing runs, which for an idle worker is at once. Null while it goes on, or when there is none.</summary>
    private async Task<Outcome<WorkerDescription>?> CompleteDrainWhenIdle(string cause) =>
        record.State.State == WorkerState.Draining && _observed.Running == 0 ? await Apply(WorkerCommand.DrainComplete, cause) : null;

    /// <summary>
    /// Uptime runs while the worker is serving and connected. It starts with the state or with the stream, whichever comes last:
    /// the proven hello is as good as a heartbeat. Time in any other state is never credited by a later heartbeat.
    /// </summary>
    private void StartOrStopUptime(Transition<WorkerState> transition)
    {
        if (!EarnsUptime(transition.To))
            _uptime = null;
        else if (!EarnsUptime(transition.From) && _streamId is not null)
            _uptime = new UptimeMark(time.GetUtcNow());
    }

    private static bool EarnsUptime(WorkerState state) => state is WorkerState.Active or WorkerState.Degraded or WorkerState.Draining;

    public Task Enlist() => record.State.Registration is null ? Task.CompletedTask : List();

    /// <param name="announced">Epochs ask for this change: one that closes before the directory has it must know that it has not.</param>
    private async Task Save(bool announced)
    {
        record.State = record.State with { Revision = DurableState.NextRevision(record.State.Revision, time) };
        await this.WriteOrEnd(record, announced ? () => directory.Announce(PoolId, Id, record.State.Revision) : null);
        await List();
    }

    /// <summary>Writes the directory's row after the grain's own state. Whatever comes between them, the timer does it again.</summary>
    private async Task List()
    {
        _isListed = false;
        await directory.Save(PoolId, DescribeNow(), record.State.ActiveSince, record.State.Revision);
        _isListed = true;
    }

    private WorkerDescription DescribeNow() => new(
        Id, record.State.Registration!, record.State.State, record.State.StateCause, record.State.StateSince,
        record.State.AttestationVerdict, _lastHeartbeatAt, _streamId is not null, _observed.Running);

    private void WatchHeartbeats()
    {
        _watchedSince = time.GetUtcNow();
        this.RegisterGrainTimer(MissHeartbeats, new GrainTimerCreationOptions(_parameters.HeartbeatInterval, _parameters.HeartbeatInterval));
    }

    private async Task MissHeartbeats(CancellationToken cancellationToken)
    {
        if (!_isListed)
            await List();
        // Tasks that ran through an activation before this one ended with it, and nothing else would tell.
        await CompleteDrainWhenIdle("no task runs any more");
        // An activation that has heard nothing yet waits as long as any other: the silence of a start is the pool's own.
        var overdue = time.GetUtcNow() - (_lastHeartbeatAt ?? _watchedSince) > _parameters.HeartbeatTimeout;
        if (overdue && record.State.State is WorkerState.Active or WorkerState.Degraded or WorkerState.Draining)
        {
            await Apply(WorkerCommand.MissHeartbeats, $"no heartbeat for {_parameters.HeartbeatTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>
    /// Credits the time since the last credited moment. The mark moves before the write, so that heartbeats that overlap credit
    /// different intervals; the store keeps what it could not write yet.
    /// </summary>
    private async Task CreditUptime(DateTimeOffset now)
    {
        var registration = record.State.Registration!;
        var credit = Uptime.Credit(_uptime, now, _parameters.HeartbeatTimeout, registration.GpuCount);
        _uptime = credit.Mark;
        if (credit.GpuMilliseconds > 0)
            await contributions.RecordUptime(PoolId, new(Id, registration.Participant, credit.From, credit.To, registration.GpuCount));
    }

    private Task PublishRoute()
    {
        Lend();
        return CanServe ? Router.Publish(RouteNow()) : Router.Withdraw(Id);
    }

    private void Lend() => links.Lend(Id, CanServe ? _observed : null);

    private RouteReport RouteNow()
    {
        var registration = record.State.Registration!;
        return new(
            Id,
            [.. registration.Models.Select(m => m.Name)],
            [.. registration.Models.Select(m => m.MaxContextLength)],
            [.. registration.Models.Select(m => m.MaxConcurrency)],
            record.State.State == WorkerState.Degraded ? 25 : 100,
            registration.Region,
            registration.Coefficient,
            registration.VramGb,
            record.State.AttestationVerdict == "verified" ? "tdx" : "none",
            record.State.State == WorkerState.Active ? record.State.StateSince : null);
    }
}
