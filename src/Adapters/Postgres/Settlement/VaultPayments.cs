using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Settlement;

/// <summary>A payment that a worker's own vault forwarded.</summary>
/// <param name="Worker">The worker's number on chain, lower-case hex.</param>
/// <param name="QueryId">Decimal; zero when the payer named none.</param>
/// <param name="CocoonPayout">False for coins that came to the vault without a story.</param>
/// <param name="Epoch">In which the revenue counts.</param>
public sealed record VaultPaymentRow(string Transaction, string Worker, string QueryId, bool CocoonPayout, TonAddress PaidBy, Nanotons Amount, EpochNumber Epoch, DateTimeOffset At);

/// <summary>What the vaults brought in, for people and programs; booking is the revenue store's.</summary>
public sealed class VaultPayments(NpgsqlDataSource database)
{
    /// <summary>Some of the payments, newest first, and how many there are.</summary>
    /// <param name="worker">Only those of this worker.</param>
    public async Task<(IReadOnlyList<VaultPaymentRow> Page, long Total)> List(string poolId, string? worker, int skip, int limit, CancellationToken cancellationToken = default)
    {
        const string Which = "from vault_payments where pool_id = @poolId and (@worker::text is null or worker = @worker)";
        var rows = await database.Query<Row>(
            $"""
            select transaction, worker, query_id::text as "QueryId", cocoon_payout as "CocoonPayout", paid_by as "PaidBy", amount, epoch, at
            {Which} order by at desc, transaction limit @limit offset @skip
            """, new { poolId, worker, limit, skip }, cancellationToken);
        var total = (await database.Query<long>($"select count(*) {Which}", new { poolId, worker }, cancellationToken)).Single();
        return ([.. rows.Select(row => new VaultPaymentRow(row.Transaction, row.Worker, row.QueryId, row.CocoonPayout, TonAddress.Parse(row.PaidBy), new(row.Amount), new(row.Epoch), row.At.Utc()))], total);
    }

    private sealed record Row(string Transaction, string Worker, string QueryId, bool CocoonPayout, string PaidBy, long Amount, int Epoch, DateTime At);
}
