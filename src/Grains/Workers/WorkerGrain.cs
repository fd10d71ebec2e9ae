using System.Runtime.CompilerServices;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Routing;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Workers;

/// <inheritdoc cref="IWorkerGrain"/>
[PreferLocalPlacement]
public sealed partial class WorkerGrain(
    [PersistentState("worker", "pool")] IPersistentState<WorkerRecord> record,
    IWorkerLinks links,
    IWorkerDirectory directory,
    IContributionStore contributions,
    IMisconductReports misconduct,
    AssignmentTickets tickets,
    PoolSettings settings,
    TimeProvider time,
    ILogger<WorkerGrain> log) : Grain, IWorkerGrain
{
    private ObservedTasks _observed = new(time);
    private PoolParameters _parameters = PoolParameters.Default;
    private string? _streamId;
    private long _lastSequence;
    private DateTimeOffset? _lastHeartbeatAt;
    private DateTimeOffset _watchedSince;
    private UptimeMark? _uptime;

    // Nobody knows what became of the row before this activation.
    private bool _isListed;

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private WorkerId Id => new(GrainKeys.Split(this.GetPrimaryKeyString()).Name);

    private IRouterGrain Router => GrainFactory.GetGrain<IRouterGrain>(PoolId);

    private bool CanServe => _streamId is not null && record.State.State is WorkerState.Active or WorkerState.Degraded;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IPoolGrain>(PoolId).Terms() is { } terms)
            _parameters = PoolParametersJson.Read(terms.Parameters);
        _observed = new(time, time.GetUtcNow(), record.State.Handover);
        if (record.State.Registration is not null)
        {
            // A cluster that loses a silo ends activations of other silos too, those that the lost one kept the directory of.
            _streamId = links.Current(Id);
            Lend();
            _lastHeartbeatAt = _streamId is null ? null : time.GetUtcNow();
            WatchHeartbeats();
        }
        await base.OnActivateAsync(cancellationToken);
    }

    /// <summary>
    /// Leaves the sum of what was seen and not claimed to the next activation: a worker can make its grain move or sleep, and must not
    /// gain from it. An activation that dies leaves nothing, and no worker can bring that about.
    /// </summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // First, or requests would go on to report to an activation that has left.
        links.Lend(Id, null);
        if (record.State.Registration is not null && _observed.MustBeHandedOver)
        {
            // Read again first: a change that could not be written must not become true by the way.
            await record.ReadStateAsync(cancellationToken);
            record.State = record.State with { Handover = _observed.HandOver(time.GetUtcNow()) };
            await record.WriteStateAsync(cancellationToken);
        }
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<Outcome<WorkerDescription>> Register(WorkerRegistration registration)
    {
        if (record.State.Registration is { } existing)
        {
            return existing.Participant == registration.Participant && existing.PublicKey.AsSpan().SequenceEqual(registration.PublicKey)
                ? Outcome<WorkerDescription>.Done(DescribeNow())
                : Outcome<WorkerDescription>.Refused("conflict", $"The worker id '{Id}' is taken; choose another, or use the key it was registered with.");
        }
        if (WorkerRegistrationRules.FirstMistake(registration) is { } mistake)
            return Outcome<WorkerDescription>.Refused("invalid_request", mistake);
        if (await Participant(registration).Describe() is null)
            return Outcome<WorkerDescription>.Refused("unknown_participant", $"{registration.Participant.ToFriendly()} is no participant of this pool; register the participant first.");
        record.State = new() { Registration = registration, State = WorkerState.Registered, StateSince = time.GetUtcNow() };
        await Save(announced: false);
        WatchHeartbeats();
        LogRegistered(Id.Value, registration.Participant.ToString());
        return Outcome<WorkerDescription>.Done(DescribeNow());
    }

    public Task<WorkerDescription?> Describe()
    {
        if (record.State.Registration is not null)
            return Task.FromResult<WorkerDescription?>(DescribeNow());
        // Anybody may ask for any name before they have proven anything; nothing of it may stay in memory.
        DeactivateOnIdle();
        return Task.FromResult<WorkerDescription?>(null);
    }

    public async Task<Outcome<WorkerDescription>> Activate()
    {
        if (record.State.Registration is not { } registration)
            return NotRegistered();
        if (record.State.State is WorkerState.Active or WorkerState.Degraded)
            return Outcome<WorkerDescription>.Done(DescribeNow());
        var stake = await Participant(registration).AuthorizeActivation(Id.Value, registration.GpuCount);
        if (!stake.Accepted)
            return Outcome<WorkerDescription>.From(stake);
        return await Apply(WorkerCommand.Activate, "activated", r => r with { ActiveSince = r.ActiveSince ?? time.GetUtcNow() });
    }

    public async Task<Outcome<WorkerDescription>> Drain(string cause)
    {
        var answer = await Apply(WorkerCommand.Drain, cause);
        if (!answer.Accepted)
            return answer;
        links.RequestDrain(Id);
        return await CompleteDrainWhenIdle("nothing was running") ?? answer;
    }

    public async Task<Outcome<WorkerDescription>> Deactivate(string cause)
    {
        var answer = record.State.State == WorkerState.Deactivated ? Outcome<WorkerDescription>.Done(DescribeNow()) : await Apply(WorkerCommand.Deactivate, cause);
        if (answer.Accepted)
            await Participant(record.State.Registration!).ReleaseWorker(Id.Value);
        return answer;
    }

    public Task<Outcome<WorkerDescription>> Quarantine(string cause) => Apply(WorkerCommand.Quarantine, cause);

    public async Task<Outcome<StreamTerms>> OpenStream(StreamOpened opened)
    {
        if (record.State.Registration is null)
            return Outcome<StreamTerms>.From(Outcome.From(NotRegistered()));
        if (!links.IsOpen(Id, opened.StreamId))
        {
            // The stream is held by another silo: move to the caller, which named its silo. To leave would not be enough, since the
            // caller's silo remembers this address, sends the next call here, and the grain would be activated here again.
            MigrateOnIdle();
            return Outcome<StreamTerms>.Refused("elsewhere", "The worker's grain moves to the silo of its stream; open it again.");
        }
        _streamId = opened.StreamId;
        _lastSequence = 0;
        _lastHeartbeatAt = time.GetUtcNow();
        if (EarnsUptime(record.State.State))
            _uptime = new UptimeMark(_lastHeartbeatAt.Value);
        if (record.State.State == WorkerState.Inactive)
            await Apply(WorkerCommand.Connect, "stream opened");
        await PublishRoute();
        LogStreamOpened(Id.Value, opened.StreamId, opened.Software);
        return Outcome<StreamTerms>.Done(new(_parameters.HeartbeatInterval, settings.TargetLatencyMilliseconds));
    }

    public Task<RouteReport?> Route() => Task.FromResult(CanServe ? RouteNow() : null);

    public async Task CloseStream(string streamId, string cause)
    {
        if (!string.Equals(streamId, _streamId, StringComparison.Ordinal))
            return;
        _streamId = null;
        _uptime = null;
        LogStreamClosed(Id.Value, streamId, cause);
        await Router.Withdraw(Id);
    }

    public async Task<Outcome> Heartbeat(WorkerHeartbeat heartbeat)
    {
        if (!string.Equals(heartbeat.StreamId, _streamId, StringComparison.Ordinal))
            return Outcome.Refused("stream_replaced", "This stream is not the worker's current one; open a new one.");
        if (heartbeat.Sequence <= _lastSequence)
            return Outcome.Done;
        _lastSequence = heartbeat.Sequence;
        _lastHeartbeatAt = time.GetUtcNow();
        if (record.State.State == WorkerState.Inactive)
            await Apply(WorkerCommand.Connect, "heartbeats are back");
        if (EarnsUptime(record.State.State))
            await CreditUptime(_lastHeartbeatAt.Value);
        await PublishRoute();
        return Outcome.Done;
    }

    public async Task<ReceiptAnswer> SubmitReceipts(SignedReceipts batch)
    {
        if (record.State.Registration is not { } registration)
            return ReceiptIntake.RefuseAll(batch, "not_found", "This worker is not registered.");
        var intake = new ReceiptIntake(PoolId, Id, registration, _parameters, settings.TargetLatencyMilliseconds, tickets, _observed);
        var (accepted, refused) = intake.Check(batch, time.GetUtcNow());
        var results = await contributions.Record(PoolId, accepted);

        // Before the answer: a refusal or an acknowledgement lets the worker forget what it signed.
        await Report(intake.Overstated);
        await ReportConflicts(accepted, results);
        var answer = intake.Answer(accepted, results, refused);
        foreach (var refusal in answer.Refused)
            LogReceiptRefused(Id.Value, refusal.TaskId, refusal.Code);
        if (intake.Ahead > 0)
            LogReceiptsAhead(Id.Value, intake.Ahead);
        return answer;
    }

    public async IAsyncEnumerable<InferenceItem> Execute(InferenceTask task, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!CanServe)
        {
            yield return new([], 0, new(503, "worker_not_available", "The worker takes no work now."));
            yield break;
        }
        try
        {
            await foreach (var item in _observed.Watch(task, links.Run(Id, task, cancellationToken)))
                yield return item;
        }
        finally
        {
            await TasksEnded();
        }
    }

    public Task TasksEnded() => CompleteDrainWhenIdle("the last task ended");

    private IParticipantGrain Participant(WorkerRegistration registration) =>
        GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, registration.Participant));

    private Outcome<WorkerDescription> NotRegistered() =>
        Outcome<WorkerDescription>.Refused("not_found", $"There is no worker '{Id}'; register it first.");
}
