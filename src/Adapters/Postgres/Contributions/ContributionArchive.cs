using CocoonPool.Grains.Contributions;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <inheritdoc cref="IContributionArchive"/>
public sealed class ContributionArchive(NpgsqlDataSource database) : IContributionArchive
{
    /// <summary>Writers share the lock of this name, retiring takes it alone.</summary>
    internal const string RetireKey = "contributions/retire";

    private const string Select =
        """
        select c.oid::regclass::text as "Table", (to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC') as "Month",
            c.reltuples::bigint as "Rows", pg_total_relation_size(c.oid) as "Bytes"
        from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'contributions'::regclass order by c.relname
        """;

    public Task Prepare(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken = default) => Ensure(database, first, last, cancellationToken);

    internal static Task Ensure(NpgsqlDataSource database, DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken) =>
        database.Execute("select ensure_contribution_months(@first, @last)", new { first = first.UtcDateTime, last = last.UtcDateTime }, cancellationToken);

    public async Task<IReadOnlyList<ContributionMonth>> Months(CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(Select, new { }, cancellationToken)).Select(row => new ContributionMonth(row.Table, row.Month.Utc(), row.Rows, row.Bytes))];

    public Task<Retirement> Retire(DateTimeOffset before, CancellationToken cancellationToken = default) => database.InTransaction(
        async (_, transaction) =>
        {
            await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended('{RetireKey}', 0))", new { }, cancellationToken);
            var retired = new List<string>();
            foreach (var month in await transaction.Query<Row>(Select, new { }, cancellationToken))
            {
                var end = month.Month.Utc().AddMonths(1);
                if (end > before)
                    break;
                if (await IsUnsettled(transaction, month.Table, cancellationToken))
                    return new Retirement(retired, $"{month.Table}: epoch_unsettled");
                await transaction.Execute(
                    $"alter table contributions detach partition {month.Table}; alter table {month.Table} rename to retired_{month.Table}", new { }, cancellationToken);
                await transaction.Execute(
                    "update contribution_horizon set assigned_before = greatest(assigned_before, @end)", new { end = end.UtcDateTime }, cancellationToken);
                retired.Add($"retired_{month.Table}");
            }

            return new Retirement(retired, null);
        },
        cancellationToken);

    /// <summary>Would a contribution be lost to somebody who checks an epoch that is not paid yet? The table's name comes from the catalogue.</summary>
    private static async Task<bool> IsUnsettled(NpgsqlTransaction transaction, string table, CancellationToken cancellationToken) =>
        (await transaction.Query<bool>(
            $"select exists (select 1 from epochs e where e.phase < 4 and exists (select 1 from {table} c where c.epoch = e.number and c.pool_id = e.pool_id))",
            new { }, cancellationToken)).Single();

    private sealed record Row(string Table, DateTime Month, long Rows, long Bytes);
}
