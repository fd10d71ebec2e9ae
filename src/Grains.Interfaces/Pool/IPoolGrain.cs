using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

/// <summary>One pool: its state, parameters and the calendar of its epochs. Key: the pool's id.</summary>
[Alias("cocoon.IPoolGrain")]
public interface IPoolGrain : IGrainWithStringKey
{
    /// <summary>Creates the pool and opens its first epoch. A repeated call with the same definition changes nothing.</summary>
    [Alias("Create")]
    Task<Outcome> Create(PoolDefinition definition);

    [Alias("Describe")]
    Task<PoolDescription?> Describe();

    /// <summary>State and parameters as they stand now. Answers also while the pool waits for a closing that asks for them.</summary>
    [Alias("Terms"), AlwaysInterleave]
    Task<PoolTerms?> Terms();

    /// <summary>Stops new work and new participants at once; payouts of closed epochs go on. This and the next four may be repeated: the last one again changes nothing.</summary>
    [Alias("Pause")]
    Task<Outcome> Pause(string reason);

    [Alias("Resume")]
    Task<Outcome> Resume();

    /// <summary>No new work until the window ends; running work goes on.</summary>
    [Alias("StartMaintenance")]
    Task<Outcome> StartMaintenance(string reason);

    [Alias("EndMaintenance")]
    Task<Outcome> EndMaintenance();

    /// <summary>Announces a window in which the pool will take no new work. The same window again is the one that is announced.</summary>
    [Alias("AnnounceMaintenance")]
    Task<Outcome<MaintenanceDescription>> AnnounceMaintenance(DateTimeOffset start, DateTimeOffset end, string reason);

    /// <summary>Takes a window back before it begins. Repeating it changes nothing.</summary>
    [Alias("CancelMaintenance")]
    Task<Outcome<MaintenanceDescription>> CancelMaintenance(string windowId);

    /// <summary>The windows that are announced or running and the last ones that are over, the latest first.</summary>
    [Alias("MaintenanceWindows")]
    Task<MaintenanceDescription[]> MaintenanceWindows();

    /// <summary>Ends the pool for good: no work, no participants. What is owed is still paid.</summary>
    [Alias("Close")]
    Task<Outcome> Close(string reason);

    /// <summary>Proposes other parameters; they apply after the timelock. The same change again answers the proposal that waits.</summary>
    [Alias("ProposeParameters")]
    Task<Outcome<ProposalDescription>> ProposeParameters(ProposeParameters command);

    /// <summary>Takes a proposal back while it waits. Repeating it changes nothing.</summary>
    [Alias("CancelProposal")]
    Task<Outcome<ProposalDescription>> CancelProposal(string proposalId);

    /// <summary>All proposals, newest first.</summary>
    [Alias("Proposals")]
    Task<ProposalDescription[]> Proposals();

    /// <summary>The parameters (see PoolParametersJson) that stood at a moment; null before the pool was created.</summary>
    [Alias("ParametersAt"), AlwaysInterleave]
    Task<string?> ParametersAt(DateTimeOffset moment);

    /// <summary>Takes a seat for a participant, or says why there is none. Repeating it for the same address takes no second seat.</summary>
    [Alias("Admit")]
    Task<Outcome> Admit(TonAddress participant);

    /// <summary>
    /// Closes the oldest open epoch if its end and the grace after it have passed, or at once when asked to. A closing that takes long
    /// is answered before it is finished; the calendar sees to its end.
    /// </summary>
    [Alias("FinalizeEpoch")]
    Task<Outcome<EpochClosing>> FinalizeEpoch(FinalizeEpoch command);

    /// <summary>
    /// Carries the calendar forward to now, as the pool's timer does every second: opens the epoch of the moment, closes those that
    /// are due in order, and wakes closings and settlements that were interrupted.
    /// </summary>
    [Alias("FollowCalendar")]
    Task FollowCalendar();

    /// <summary>Opens a slash for every worker that stayed away too long without having been drained, as the pool's reminder does every hour.</summary>
    [Alias("InspectDowntime")]
    Task InspectDowntime();

    /// <summary>Opens slashes for the offences that other grains reported, as the pool's timer does every second.</summary>
    [Alias("InspectMisconduct")]
    Task InspectMisconduct();
}

/// <param name="Parameters">Canonical text of the parameters (see PoolParametersJson): one encoding on every wire and in every table.</param>
[GenerateSerializer, Immutable, Alias("cocoon.PoolDefinition")]
public sealed record PoolDefinition(
    [property: Id(0)] string Name,
    [property: Id(1)] TonAddress OperatorWallet,
    [property: Id(2)] string Parameters,
    [property: Id(3)] TimeSpan EpochGrace);

[GenerateSerializer, Immutable, Alias("cocoon.PoolDescription")]
public sealed record PoolDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] TonAddress OperatorWallet,
    [property: Id(3)] PoolState State,
    [property: Id(4)] string? StateReason,
    [property: Id(5)] string Parameters,
    [property: Id(6)] TimeSpan EpochGrace,
    [property: Id(7)] int Participants,
    [property: Id(8)] EpochNumber OldestOpenEpoch);

/// <param name="MaintenanceUntil">When the announced maintenance that is running ends; null without one.</param>
[GenerateSerializer, Immutable, Alias("cocoon.PoolTerms")]
public sealed record PoolTerms(
    [property: Id(0)] PoolState State,
    [property: Id(1)] string Parameters,
    [property: Id(2)] TonAddress OperatorWallet,
    [property: Id(3)] DateTimeOffset? MaintenanceUntil = null);

/// <summary>A <see cref="MaintenanceWindow"/> between grains, and as the pool keeps it.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.MaintenanceDescription")]
public sealed record MaintenanceDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] DateTimeOffset Start,
    [property: Id(2)] DateTimeOffset End,
    [property: Id(3)] string Reason,
    [property: Id(4)] MaintenanceState State)
{
    public MaintenanceWindow ToDomain() => new(Id, Start, End, Reason, State);
}

/// <param name="Change">A <see cref="ParameterChange"/> (see PoolParametersJson).</param>
/// <param name="Reason">For everybody who reads the proposal.</param>
/// <param name="Approval">The id of the approval that carries it out: asked again with the same one, it is the same proposal, also when that has ended.</param>
[GenerateSerializer, Immutable, Alias("cocoon.ProposeParameters")]
public sealed record ProposeParameters([property: Id(0)] string Change, [property: Id(1)] string Reason, [property: Id(2)] string? Approval = null);

/// <param name="Change">As it was proposed.</param>
/// <param name="EndedAt">When it was applied, cancelled, or found not to fit any more.</param>
/// <param name="Approval">The approval by which two people made it.</param>
[GenerateSerializer, Immutable, Alias("cocoon.ProposalDescription")]
public sealed record ProposalDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] string Change,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset ProposedAt,
    [property: Id(4)] DateTimeOffset AppliesAt,
    [property: Id(5)] ProposalState State,
    [property: Id(6)] DateTimeOffset? EndedAt,
    [property: Id(7)] string? Approval = null);

/// <param name="Early">Close before the end is reached, with now as the end. Only a Development host passes this on.</param>
/// <param name="DryRun">Compute the result and change nothing.</param>
[GenerateSerializer, Immutable, Alias("cocoon.FinalizeEpoch")]
public sealed record FinalizeEpoch([property: Id(0)] bool Early, [property: Id(1)] bool DryRun);

/// <param name="BundleHash">SHA-256 of the epoch's bundle, lower-case hex.</param>
/// <param name="Finished">False while the closing goes on: nothing is added to the epoch any more, and its figures are not known yet.</param>
[GenerateSerializer, Immutable, Alias("cocoon.EpochClosing")]
public sealed record EpochClosing(
    [property: Id(0)] EpochNumber Epoch,
    [property: Id(1)] Nanotons Revenue,
    [property: Id(2)] Nanotons Fee,
    [property: Id(3)] int Participants,
    [property: Id(4)] string BundleHash,
    [property: Id(5)] bool DryRun,
    [property: Id(6)] bool Finished = true);
