using CocoonPool.Domain.Approvals;

namespace CocoonPool.Silo.Approvals;

/// <summary>Operations that two people have to want. Section <c>Approvals</c>.</summary>
public sealed class ApprovalOptions
{
    /// <summary>How long an approved operation waits before it is carried out; up to 30 days, at least one hour outside Development.</summary>
    [System.ComponentModel.DataAnnotations.Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ErrorMessage = "Approvals:Timelock is 0 to 30 days.")]
    public TimeSpan Timelock { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>
/// One kind of operation that needs two people. A room that has one implements this and adds it to the services; proposing,
/// approving, waiting and the audit are then the same for all.
/// </summary>
public interface IApprovedOperation
{
    /// <summary>The kind's name in the API, such as <c>ledger_adjustment</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// What is wrong with a payload as things stand, in words for the person who proposes it; null when nothing is. It is no promise:
    /// days pass until it is carried out, and then the room decides again.
    /// </summary>
    Task<string?> Problem(string payload, CancellationToken cancellationToken);

    /// <summary>
    /// Carries it out. May be called again with the same approval after a crash: the approval's id makes the repeat harmless. Throws
    /// only when it may work later; a refusal for good is answered.
    /// </summary>
    Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken);
}
