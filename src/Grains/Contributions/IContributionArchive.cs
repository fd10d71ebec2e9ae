namespace CocoonPool.Grains.Contributions;

/// <summary>A month of contributions, by the assignment of their tasks.</summary>
/// <param name="Month">Its first moment, UTC.</param>
/// <param name="Rows">As the database estimates them; negative when it never looked.</param>
/// <param name="Bytes">On disk, with indexes.</param>
public sealed record ContributionMonth(string Table, DateTimeOffset Month, long Rows, long Bytes);

/// <summary>What became of retiring months.</summary>
/// <param name="Retired">The tables that were detached, for the operator to archive and drop.</param>
/// <param name="Kept">The first month in the way and why, such as <c>contributions_2026_01: epoch_unsettled</c>; null when none was.</param>
public sealed record Retirement(IReadOnlyList<string> Retired, string? Kept);

/// <summary>The months that the contributions are kept in.</summary>
public interface IContributionArchive
{
    /// <summary>Makes the months from the first moment to the last, so that no receipt has to wait for its month.</summary>
    Task Prepare(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken = default);

    /// <summary>The months that are kept, oldest first.</summary>
    Task<IReadOnlyList<ContributionMonth>> Months(CancellationToken cancellationToken = default);

    /// <summary>
    /// Detaches, oldest first, the months that end at or before this moment. A month with a contribution to an epoch that is not
    /// settled stays, and so do all after it. From then on receipts of tasks assigned in a retired month are refused as expired, so
    /// that none can be counted a second time.
    /// </summary>
    Task<Retirement> Retire(DateTimeOffset before, CancellationToken cancellationToken = default);
}
