namespace CocoonPool.Domain.Workers;

/// <summary><c>registered → attested → active ⇄ degraded → inactive</c>, <c>draining → drained → deactivated</c>, <c>quarantined</c>.</summary>
public enum WorkerState
{
    Registered = 0,

    /// <summary>Its evidence was verified; it may be activated.</summary>
    Attested = 1,
    Active = 2,

    /// <summary>Serves a quarter of its traffic because it failed or was slow too often.</summary>
    Degraded = 3,

    /// <summary>Its heartbeats stopped arriving.</summary>
    Inactive = 4,

    /// <summary>Finishes its running tasks and takes no new ones.</summary>
    Draining = 5,
    Drained = 6,

    /// <summary>Gone for good.</summary>
    Deactivated = 7,

    /// <summary>Shut out by the operator or by failed attestation until it is released.</summary>
    Quarantined = 8,
}

public enum WorkerCommand
{
    Attest = 0,
    Activate = 1,

    /// <summary>Heartbeats arrive again.</summary>
    Connect = 2,
    MissHeartbeats = 3,
    Degrade = 4,
    Recover = 5,
    Drain = 6,
    DrainComplete = 7,
    Deactivate = 8,
    Quarantine = 9,
    Release = 10,
    RejectAttestation = 11,
}

/// <summary>
/// The life of a worker. Choices that the arrows alone do not show: evidence may be renewed in every state that had it,
/// which changes nothing; a draining worker that falls silent is drained, because its tasks are retried elsewhere, and must
/// not come back to life with its next heartbeat; activating a draining or drained worker takes the drain back; a worker
/// that serves nothing (registered, attested, inactive, drained, quarantined) may be deactivated at once; a released worker
/// starts over and has to be attested again.
/// </summary>
public static class WorkerLifecycle
{
    public static Transition<WorkerState> Apply(WorkerState state, WorkerCommand command) =>
        Next(state, command) is { } next ? Transition.Accept(state, next) : Transition.Refuse(state, RefusalOf(state, command));

    private static WorkerState? Next(WorkerState state, WorkerCommand command) => (command, state) switch
    {
        (_, WorkerState.Deactivated) => null,
        (WorkerCommand.Release, WorkerState.Quarantined) => WorkerState.Registered,
        (WorkerCommand.Deactivate, WorkerState.Quarantined) => WorkerState.Deactivated,
        (_, WorkerState.Quarantined) => null,
        (WorkerCommand.Quarantine or WorkerCommand.RejectAttestation, _) => WorkerState.Quarantined,
        (WorkerCommand.Attest, WorkerState.Registered) => WorkerState.Attested,
        (WorkerCommand.Attest, _) => state,
        (WorkerCommand.Activate, WorkerState.Attested or WorkerState.Draining or WorkerState.Drained) => WorkerState.Active,
        (WorkerCommand.Connect, WorkerState.Inactive) => WorkerState.Active,
        (WorkerCommand.MissHeartbeats, WorkerState.Active or WorkerState.Degraded) => WorkerState.Inactive,
        (WorkerCommand.MissHeartbeats, WorkerState.Draining) => WorkerState.Drained,
        (WorkerCommand.Degrade, WorkerState.Active) => WorkerState.Degraded,
        (WorkerCommand.Recover, WorkerState.Degraded) => WorkerState.Active,
        (WorkerCommand.Drain, WorkerState.Active or WorkerState.Degraded or WorkerState.Inactive) => WorkerState.Draining,
        (WorkerCommand.DrainComplete, WorkerState.Draining) => WorkerState.Drained,
        (WorkerCommand.Deactivate, WorkerState.Registered or WorkerState.Attested or WorkerState.Inactive or WorkerState.Drained) =>
            WorkerState.Deactivated,
        _ => null,
    };

    private static string RefusalOf(WorkerState state, WorkerCommand command) => (command, state) switch
    {
        (_, WorkerState.Deactivated) => "worker_deactivated",
        (WorkerCommand.Quarantine, WorkerState.Quarantined) => "worker_already_quarantined",
        (_, WorkerState.Quarantined) => "worker_quarantined",
        (WorkerCommand.Release, _) => "worker_not_quarantined",
        (WorkerCommand.Activate, WorkerState.Registered) => "worker_not_attested",
        (WorkerCommand.Activate, WorkerState.Inactive) => "worker_inactive",
        (WorkerCommand.Activate, _) => "worker_already_active",
        (WorkerCommand.Connect, _) => "worker_not_inactive",
        (WorkerCommand.Degrade, WorkerState.Degraded) => "worker_already_degraded",
        (WorkerCommand.Degrade, _) => "worker_not_active",
        (WorkerCommand.Recover, _) => "worker_not_degraded",
        (WorkerCommand.MissHeartbeats, WorkerState.Inactive) => "worker_already_inactive",
        (WorkerCommand.Drain, WorkerState.Draining) => "worker_already_draining",
        (WorkerCommand.Drain, WorkerState.Drained) => "worker_already_drained",
        (WorkerCommand.DrainComplete, _) => "worker_not_draining",
        (WorkerCommand.Deactivate, _) => "worker_not_drained",
        (WorkerCommand.MissHeartbeats or WorkerCommand.Drain, _) => "worker_not_serving",
        _ => "worker_command_unknown",
    };
}
