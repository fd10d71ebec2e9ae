using System.Globalization;
using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <inheritdoc cref="IRevenueStore"/>
public sealed class PostgresRevenueStore(NpgsqlDataSource database, TimeProvider time) : IRevenueStore
{
    public async Task<long> Cursor(string poolId, string address, CancellationToken cancellationToken = default) =>
        (await database.Query<long>("select logical_time from chain_cursors where pool_id = @poolId and address = @address", new { poolId, address }, cancellationToken)).SingleOrDefault();

    public Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, CancellationToken cancellationToken = default) => database.InTransaction(
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
                if (await ClientOf(transaction, poolId, payment, cancellationToken) is { } client)
                    lines.Add(new(id, AccountName.Distribution, AccountName.Client(client), payment.Amount, TransferKind.ClientDeposit, payment.TransactionHash, payment.At));
                else
                    lines.Add(await Revenue(transaction, poolId, id, payment, cancellationToken));
            }
            await LedgerWriter.Append(connection, transaction, poolId, lines, cancellationToken);

            // A day begins where the page does in which its first payment came: everything of that day lies behind.
            await transaction.Execute(
                """
                insert into payment_days (pool_id, address, day, after_logical_time)
                select @poolId, @address, day, coalesce((select logical_time from chain_cursors where pool_id = @poolId and address = @address), 0)
                from unnest(@days::date[]) day on conflict do nothing
                """, new { poolId, address, days = payments.Select(payment => payment.At.UtcDateTime.Date).Distinct().ToArray() }, cancellationToken);
            await transaction.Execute(
                """
                insert into chain_cursors (pool_id, address, logical_time) values (@poolId, @address, @cursor)
                on conflict (pool_id, address) do update set logical_time = greatest(chain_cursors.logical_time, excluded.logical_time)
                """, new { poolId, address, cursor }, cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlySet<TonAddress>> OperatorWallets(string poolId, CancellationToken cancellationToken = default) =>
        (await database.Query<string>("select address from operator_wallets where pool_id = @poolId", new { poolId }, cancellationToken)).Select(TonAddress.Parse).ToHashSet();

    public Task RememberOperator(string poolId, TonAddress wallet, CancellationToken cancellationToken = default) => database.Execute(
        "insert into operator_wallets (pool_id, address) values (@poolId, @wallet) on conflict do nothing", new { poolId, wallet = wallet.ToString() }, cancellationToken);

    /// <summary>
    /// The client that a payment tops up: its comment is <c>client:</c> and the name of a client who has a key. Anything else is
    /// revenue, so that a misspelt name leaves no money with nobody.
    /// </summary>
    private static async Task<string?> ClientOf(NpgsqlTransaction transaction, string poolId, IncomingPayment payment, CancellationToken cancellationToken)
    {
        const string mark = "client:";
        if (payment.Comment?.Trim() is not { } comment || !comment.StartsWith(mark, StringComparison.Ordinal))
            return null;
        var client = comment[mark.Length..];
        return (await transaction.Query<int>("select 1 from api_keys where pool_id = @poolId and role = 'client' and subject = @client limit 1", new { poolId, client }, cancellationToken)).Count > 0
            ? client
            : null;
    }

    private async Task<Transfer> Revenue(NpgsqlTransaction transaction, string poolId, string id, IncomingPayment payment, CancellationToken cancellationToken)
    {
        var epoch = (await transaction.Query<int>("select epoch from epoch_for(@poolId, @at)", new { poolId, at = EpochCalendar.NotAfter(payment.At, time.GetUtcNow()).UtcDateTime }, cancellationToken)).Single();
        if (payment.Vault is { } vault)
        {
            await transaction.Execute(
                "insert into vault_payments values (@poolId, @TransactionHash, @Worker, @queryId::numeric, @IsCocoonPayout, @paidBy, @amount, @epoch, @at)",
                new
                {
                    poolId,
                    payment.TransactionHash,
                    vault.Worker,
                    queryId = vault.QueryId.ToString(CultureInfo.InvariantCulture),
                    vault.IsCocoonPayout,
                    paidBy = vault.PaidBy.ToString(),
                    amount = payment.Amount.Value,
                    epoch,
                    at = payment.At.UtcDateTime,
                },
                cancellationToken);
        }
        return new(id, AccountName.Distribution, AccountName.Revenue(new(epoch)), payment.Amount, TransferKind.Revenue, payment.TransactionHash, payment.At);
    }
}
