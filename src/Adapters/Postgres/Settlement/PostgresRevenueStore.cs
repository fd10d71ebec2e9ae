using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <inheritdoc cref="IRevenueStore"/>
public sealed class PostgresRevenueStore(NpgsqlDataSource database) : IRevenueStore
{
    public async Task<long> Cursor(string poolId, string address, CancellationToken cancellationToken = default) =>
        (await database.Query<long>("select logical_time from chain_cursors where pool_id = @poolId and address = @address", new { poolId, address }, cancellationToken)).SingleOrDefault();

    public Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, bool stakes, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            await OpenEpochs.Hold(transaction, poolId, cancellationToken);
            var lines = new List<Transfer>();
            foreach (var payment in payments)
            {
                // A payment is known by its transaction, so a page that comes twice, or from another node, books nothing twice.
                var id = $"chain/{payment.TransactionHash}";
                if ((await transaction.Query<int>("select 1 from ledger_transfers where pool_id = @poolId and id = @id", new { poolId, id }, cancellationToken)).Count > 0)
                    continue;
                lines.Add(stakes
                    ? new(id, AccountName.StakeWallet, AccountName.Stake(payment.From), payment.Amount, TransferKind.StakeDeposit, payment.TransactionHash, payment.At)
                    : new(id, AccountName.Distribution, AccountName.Revenue(await EpochOf(transaction, poolId, payment, cancellationToken)), payment.Amount, TransferKind.Revenue, payment.TransactionHash, payment.At));
            }
            await LedgerWriter.Append(connection, transaction, poolId, lines, cancellationToken);
            await transaction.Execute(
                """
                insert into chain_cursors (pool_id, address, logical_time) values (@poolId, @address, @cursor)
                on conflict (pool_id, address) do update set logical_time = greatest(chain_cursors.logical_time, excluded.logical_time)
                """, new { poolId, address, cursor }, cancellationToken);
        },
        cancellationToken);

    private static async Task<EpochNumber> EpochOf(NpgsqlTransaction transaction, string poolId, IncomingPayment payment, CancellationToken cancellationToken) =>
        new((await transaction.Query<int>("select epoch from epoch_for(@poolId, @at)", new { poolId, at = payment.At.UtcDateTime }, cancellationToken)).Single());
}
