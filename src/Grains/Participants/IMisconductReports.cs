using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Participants;

/// <summary>An offence that the pool itself saw, on its way to a slash.</summary>
/// <param name="Id">Follows from what was seen, such as <c>receipt-conflict/task_1</c>: seen again, it is the same report.</param>
/// <param name="Evidence">For the participant and whoever judges an appeal.</param>
/// <param name="Exhibit">What was sent, as JSON with its signature; kept because nobody else keeps it.</param>
public sealed record MisconductReport(
    string Id, TonAddress Participant, WorkerId Worker, SlashOffence Offence, string Evidence, string Exhibit, DateTimeOffset ReportedAt);

/// <summary>
/// What grains saw of offences. A report is durable before the answer that lets the worker forget its part of the evidence, and the pool
/// opens the slash afterwards: no worker's grain waits for somebody who might wait for it.
/// </summary>
public interface IMisconductReports
{
    /// <summary>Writes it down; one with this id that is there already stays as it is.</summary>
    Task File(string poolId, MisconductReport report, CancellationToken cancellationToken = default);

    /// <summary>Reports that led to nothing yet, oldest first.</summary>
    Task<IReadOnlyList<MisconductReport>> Waiting(string poolId, int limit, CancellationToken cancellationToken = default);

    /// <summary>Notes what became of it: the id of the slash that it opened or that covers it, or why there is none.</summary>
    Task Conclude(string poolId, string reportId, string outcome, CancellationToken cancellationToken = default);

    /// <summary>A participant's newest reports, each with what became of it.</summary>
    Task<IReadOnlyList<(MisconductReport Report, string? Outcome)>> List(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default);
}
