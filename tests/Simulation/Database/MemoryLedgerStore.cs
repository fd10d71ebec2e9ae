using CocoonPool.Domain.Ledger;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Ledger;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="ILedgerStore"/>
public class MemoryLedgerStore(PoolDatabase database, StoreOperations operations, TimeProvider time) : ILedgerStore
{
    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    public virtual async Task<IReadOnlyList<TransferResult>> Append(string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        await Patience.UntilCommitted(() => database.Commit(operations, "ledger", $"append {transfers[0].Id}", () => database.Ledger.Append(transfers)), time)
            ?? throw new LedgerBusyException();

    public Task<AccountFigures> Account(string poolId, AccountName account, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "ledger", $"account {account}", () => database.Ledger[account]);

    public Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyDictionary<AccountName, AccountFigures>>(operations, "ledger", "accounts", () => new Dictionary<AccountName, AccountFigures>(database.Ledger.Accounts));

    public Task<IReadOnlyList<ChainedTransfer>> Transfers(string poolId, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<ChainedTransfer>>(operations, "ledger", "transfers", () => [.. database.Ledger.Lines.Where(l => l.Sequence > afterSequence).Take(limit)]);

    public Task<LedgerVerification> Verify(string poolId, CancellationToken cancellationToken = default) => PoolDatabase.Read(operations, "ledger", "verify", () =>
    {
        var audit = new LedgerAudit();
        foreach (var line in database.Ledger.Lines)
            audit.Next(line);
        audit.Compare(database.Ledger.Accounts);
        return new LedgerVerification(audit.Transfers, Convert.ToHexStringLower(audit.Head), audit.FirstProblem);
    });
}

/// <summary>A writer that tries the same transaction again while the database is away, as those of PostgreSQL do that commit in groups.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The answer of the commit, or null when there was none in time; it may have happened all the same.</summary>
    public static async Task<T?> UntilCommitted<T>(Func<Task<T>> commit, TimeProvider time)
        where T : class
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Longest)
        {
            try
            {
                return await commit();
            }
            catch (SimulatedFaultException)
            {
                await Task.Delay(Pause, time);
            }
        }

        return null;
    }
}
