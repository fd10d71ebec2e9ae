using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Metering;

/// <summary>What one key used of one model since the last booking.</summary>
/// <param name="Failed">Requests that ended without an answer; they are free.</param>
public sealed record UsageLine(
    string KeyId, string Model, long Requests, long Failed, long PromptTokens, long CachedTokens, long CompletionTokens, Nanotons Charged);

/// <summary>
/// One step of one client's money: books what is owed and replaces the block that a silo holds by another one. Known by its id: asked
/// for again after a lost answer it changes nothing and answers the same.
/// </summary>
/// <param name="Id">Names the change and the block that it opens.</param>
/// <param name="OldBlock">The block that ends; null when the silo holds none.</param>
/// <param name="Charged">What is owed for answered requests.</param>
/// <param name="Covered">What the old block still covers after that: requests may count on it until the change is known.</param>
/// <param name="Needed">What runs, plus what waits to be held.</param>
/// <param name="Target">The block's usual size; zero closes it.</param>
public sealed record BlockChange(
    Guid Id, string Client, Guid? OldBlock, Nanotons Charged, Nanotons Covered, Nanotons Needed, Nanotons Target, IReadOnlyList<UsageLine> Usage);

/// <param name="Block">What is reserved now.</param>
/// <param name="WrittenOff">Owed but not booked, because the block was lost and the balance did not cover it.</param>
public sealed record ChangedBlock(Guid Id, Nanotons Block, Nanotons WrittenOff);

/// <param name="Day">UTC.</param>
public sealed record UsageOfDay(
    string KeyId, string Client, string Model, DateOnly Day, long Requests, long Failed, long PromptTokens, long CachedTokens, long CompletionTokens, long ChargedNano);

/// <summary>The durable side of metering: blocks of clients' balances that silos hold, charges, and usage per key.</summary>
public interface IClientBooks
{
    /// <summary>Makes the changes, all or none, each once.</summary>
    /// <param name="leaseUntil">A block whose silo is not heard of until then is expired.</param>
    Task<IReadOnlyList<ChangedBlock>> Change(
        string poolId, IReadOnlyList<BlockChange> changes, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default);

    /// <summary>Keeps blocks alive.</summary>
    Task Renew(string poolId, IReadOnlyList<Guid> blocks, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default);

    /// <summary>Gives the blocks of lost silos back to their clients. Answers how many.</summary>
    Task<int> ExpireLost(string poolId, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Usage by key, model and day, the newest first.</summary>
    /// <param name="client">Null for all.</param>
    Task<IReadOnlyList<UsageOfDay>> Usage(string poolId, string? client, int offset, int limit, CancellationToken cancellationToken = default);
}
