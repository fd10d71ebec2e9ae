using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IRevenueStore"/>
public class MemoryRevenueStore(PoolDatabase database, StoreOperations operations, TimeProvider time) : IRevenueStore
{
    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    public Task<long> Cursor(string poolId, string address, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read(operations, "revenue", "cursor", () => database.Cursors.GetValueOrDefault(address));

    public virtual Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "revenue", $"book to {cursor}", () =>
        {
            // A payment is known by its transaction: the ledger answers a repeat of it as recorded, but only under the same account.
            var known = database.Ledger.Lines.Select(l => l.Transfer.Id).ToHashSet(StringComparer.Ordinal);
            database.Ledger.Append([.. payments.Select(Line).Where(line => !known.Contains(line.Id))]);
            Move(address, cursor);
        });

    public Task<IReadOnlySet<TonAddress>> OperatorWallets(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlySet<TonAddress>>(operations, "revenue", "operators", () => database.OperatorWallets.ToHashSet());

    public Task RememberOperator(string poolId, TonAddress wallet, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "revenue", $"operator {wallet}", () => database.OperatorWallets.Add(wallet));

    protected virtual Transfer Line(IncomingPayment payment) => new(
        $"chain/{payment.TransactionHash}", AccountName.Distribution, AccountName.Revenue(database.Epochs.OfPayment(EpochCalendar.NotAfter(payment.At, time.GetUtcNow()))), payment.Amount, TransferKind.Revenue, payment.TransactionHash, payment.At);

    protected void Move(string address, long cursor) => database.Cursors[address] = Math.Max(database.Cursors.GetValueOrDefault(address), cursor);
}
