using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Pool;

public sealed partial class PoolGrain
{
    [LoggerMessage(1001, LogLevel.Information, "Pool {PoolId} created; its first epoch runs from {Start} to {End}")]
    private partial void LogCreated(string poolId, DateTimeOffset start, DateTimeOffset end);

    [LoggerMessage(1002, LogLevel.Warning, "Pool {PoolId} went from {From} to {To}: {Reason}")]
    private partial void LogStateChanged(string poolId, PoolState from, PoolState to, string? reason);

    [LoggerMessage(1003, LogLevel.Warning, "Pool {PoolId} parameters: proposal {Proposal} is {State}: {Change}")]
    private partial void LogProposal(string poolId, string proposal, ProposalState state, string change);

    [LoggerMessage(1004, LogLevel.Warning, "Worker {Worker} has been away since {Since} without having been drained; its participant is slashed")]
    private partial void LogDowntime(string worker, DateTimeOffset since);

    [LoggerMessage(1005, LogLevel.Warning, "Worker {Worker} of {Participant}: {Offence} by report {Report} led to {Outcome}")]
    private partial void LogMisconduct(string worker, string participant, SlashOffence offence, string report, string outcome);

    [LoggerMessage(1006, LogLevel.Warning, "Pool {PoolId} maintenance window {Window} is {WindowState}; the pool is {State}")]
    private partial void LogMaintenance(string poolId, string window, MaintenanceState windowState, PoolState state);
}
