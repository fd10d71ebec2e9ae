namespace CocoonPool.Domain.Pool;

/// <summary>What a pool is doing. Only an active pool takes new work.</summary>
public enum PoolState
{
    Active = 0,

    /// <summary>Stopped by the operator at once, until it is resumed.</summary>
    Paused = 1,

    /// <summary>In an announced maintenance window.</summary>
    Maintenance = 2,

    /// <summary>Ended for good.</summary>
    Closed = 3,
}

public enum PoolCommand
{
    Pause = 0,
    Resume = 1,
    StartMaintenance = 2,
    EndMaintenance = 3,
    Close = 4,
}

/// <summary>
/// <c>active ⇄ paused</c>, <c>active ⇄ maintenance</c>, and from each of them to <c>closed</c>. Pausing is immediate and
/// therefore also possible during maintenance; a pause is only ever lifted by resuming, never by the end of a window.
/// </summary>
public static class PoolLifecycle
{
    public static Transition<PoolState> Apply(PoolState state, PoolCommand command) => (state, command) switch
    {
        (PoolState.Active or PoolState.Maintenance, PoolCommand.Pause) => Transition.Accept(state, PoolState.Paused),
        (PoolState.Paused, PoolCommand.Resume) => Transition.Accept(state, PoolState.Active),
        (PoolState.Active, PoolCommand.StartMaintenance) => Transition.Accept(state, PoolState.Maintenance),
        (PoolState.Maintenance, PoolCommand.EndMaintenance) => Transition.Accept(state, PoolState.Active),
        (not PoolState.Closed, PoolCommand.Close) => Transition.Accept(state, PoolState.Closed),
        _ => Transition.Refuse(state, RefusalOf(state, command)),
    };

    /// <summary>
    /// Whether a command is the one that was carried out last, come again because its answer was lost: it is answered as it was then, and
    /// changes nothing. The same command with other words is a new one.
    /// </summary>
    public static bool IsRepeat(PoolCommand? last, string? lastReason, PoolCommand command, string? reason) =>
        last == command && string.Equals(lastReason, reason, StringComparison.Ordinal);

    private static string RefusalOf(PoolState state, PoolCommand command) => (state, command) switch
    {
        (PoolState.Closed, _) => "pool_closed",
        (PoolState.Paused, PoolCommand.Pause) => "pool_already_paused",
        (PoolState.Paused, PoolCommand.StartMaintenance) => "pool_paused",
        (PoolState.Maintenance, PoolCommand.StartMaintenance) => "pool_already_in_maintenance",
        (_, PoolCommand.EndMaintenance) => "pool_not_in_maintenance",
        (_, PoolCommand.Resume) => "pool_not_paused",
        _ => "pool_command_unknown",
    };
}
