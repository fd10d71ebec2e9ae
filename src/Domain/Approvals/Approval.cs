namespace CocoonPool.Domain.Approvals;

/// <summary>Where an operation that needs two people stands.</summary>
public enum ApprovalState
{
    /// <summary>One person wants it; nothing happens until another one agrees.</summary>
    Proposed = 0,

    /// <summary>A second person agreed; it is carried out when the timelock has passed.</summary>
    Approved = 1,

    /// <summary>It was carried out.</summary>
    Executed = 2,

    /// <summary>Somebody who may approve took it back in time.</summary>
    Cancelled = 3,

    /// <summary>It was carried out and refused by the rules of its own room; it is over.</summary>
    Refused = 4,
}

/// <summary>An operation that moves money or changes the rules, with who wants it and who agreed.</summary>
/// <param name="Kind">Which operation, such as <c>ledger_adjustment</c>.</param>
/// <param name="Payload">Its arguments as JSON; what was approved is carried out to the byte.</param>
/// <param name="ProposedBy">The account of the first person.</param>
/// <param name="Timelock">How long after the approval it waits, so that a wrong one can be seen and taken back.</param>
/// <param name="ExecuteAt">When it is due; null until it is approved.</param>
public sealed record Approval(
    Guid Id, string Kind, string Payload, string Reason, string ProposedBy, DateTimeOffset ProposedAt, TimeSpan Timelock,
    ApprovalState State, string? DecidedBy = null, DateTimeOffset? DecidedAt = null, DateTimeOffset? ExecuteAt = null, string? Outcome = null);

/// <summary>Who an approval is asked of.</summary>
/// <param name="Account">The account that signed in.</param>
/// <param name="OwnCredentials">
/// The person chose password and one-time seed. Whoever set them for somebody else knows them, and could be both people at once.
/// </param>
public readonly record struct Approver(string Account, bool OwnCredentials);

/// <summary>Four eyes and a timelock, as functions.</summary>
public static class ApprovalRules
{
    /// <summary>How long a proposal waits for its second person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    public static Transition<ApprovalState> Approve(Approval approval, Approver by, DateTimeOffset now) => approval.State switch
    {
        ApprovalState.Approved when string.Equals(approval.DecidedBy, by.Account, StringComparison.Ordinal) => Transition.Accept(approval.State, approval.State),
        not ApprovalState.Proposed => Transition.Refuse(approval.State, "approval_decided"),
        _ when string.Equals(approval.ProposedBy, by.Account, StringComparison.Ordinal) => Transition.Refuse(approval.State, "same_operator"),
        _ when !by.OwnCredentials => Transition.Refuse(approval.State, "credentials_not_own"),
        _ when now > approval.ProposedAt + Patience => Transition.Refuse(approval.State, "approval_expired"),
        _ => Transition.Accept(approval.State, ApprovalState.Approved),
    };

    /// <summary>Until it is carried out anybody who may propose can take it back: stopping money needs one person, moving it two.</summary>
    public static Transition<ApprovalState> Cancel(Approval approval) => approval.State switch
    {
        ApprovalState.Proposed or ApprovalState.Approved => Transition.Accept(approval.State, ApprovalState.Cancelled),
        ApprovalState.Cancelled => Transition.Accept(approval.State, approval.State),
        _ => Transition.Refuse(approval.State, "approval_decided"),
    };

    /// <summary>True when the timelock of an approved operation has passed.</summary>
    public static bool IsDue(Approval approval, DateTimeOffset now) => approval.State == ApprovalState.Approved && approval.ExecuteAt <= now;
}
