using System.Data;
using Npgsql;

namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>Reads the facts with SQL of its own. The schema is what the pool promises to whoever checks it; the pool's code is not asked.</summary>
public sealed class DatabaseReader : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _moment;
    private readonly string _poolId;

    private DatabaseReader(NpgsqlConnection connection, NpgsqlTransaction moment, string poolId) => (_connection, _moment, _poolId) = (connection, moment, poolId);

    /// <summary>Everything that is read is as of the first reading, also while workers go on earning uptime.</summary>
    public static async Task<DatabaseReader> Open(string connectionString, string poolId, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return new(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel), poolId);
    }

    public async ValueTask DisposeAsync()
    {
        await _moment.DisposeAsync();
        await _connection.DisposeAsync();
    }

    public async Task<LedgerFacts> Ledger(CancellationToken cancel) => new(
        await Read(
            """
            select sequence, id, action, debit, credit, amount, kind, reference, (extract(epoch from at) * 1000)::bigint, reservation, previous_hash, hash
            from ledger_transfers where pool_id = $1 order by sequence
            """,
            row => new LedgerLine(
                row.GetInt64(0), row.GetString(1), row.GetInt16(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt16(6), row.GetString(7), row.GetInt64(8),
                row.IsDBNull(9) ? null : row.GetString(9), row.GetFieldValue<byte[]>(10), row.GetFieldValue<byte[]>(11)),
            cancel),
        await Read("select name, balance, reserved from ledger_accounts where pool_id = $1", row => new LedgerAccount(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancel),
        await Read("select 'client-block/' || id from client_blocks where pool_id = $1 and ended_at is null", row => row.GetString(0), cancel));

    public async Task<IReadOnlyList<EpochFacts>> Epochs(CancellationToken cancel)
    {
        var shares = (await Read(
            "select epoch, participant, share, payable, payout_address from epoch_shares where pool_id = $1",
            row => (Epoch: row.GetInt32(0), Row: new ShareRow(row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4))), cancel)).ToLookup(s => s.Epoch, s => s.Row);
        return await Read(
            "select number, phase, revenue, fee, json, bundle_hash from epochs left join epoch_bundles b on b.pool_id = epochs.pool_id and epoch = number where epochs.pool_id = $1 order by number",
            row => new EpochFacts(
                row.GetInt32(0), row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
                row.IsDBNull(5) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(5)), [.. shares[row.GetInt32(0)]]),
            cancel);
    }

    public Task<IReadOnlyList<SettlementMessage>> Messages(CancellationToken cancel) => Read(
        "select epoch, index, phase, total, transaction_hash from settlement_messages where pool_id = $1",
        row => new SettlementMessage(row.GetInt32(0), row.GetInt32(1), row.GetInt16(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4)), cancel);

    public Task<IReadOnlyList<PlannedPayout>> Plan(CancellationToken cancel) => Read(
        "select epoch, coalesce(batch, -65536), participant, payout_address, amount from settlement_payouts where pool_id = $1",
        row => new PlannedPayout(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetInt64(4)), cancel);

    public async Task<WorkFacts> Work(CancellationToken cancel) => new(
        await Read(
            "select task_id, epoch, worker_id, participant, adjusted_tokens, completion_tokens, outcome, flagged from contributions where pool_id = $1",
            row => new Contribution(
                row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt16(6) == 0, row.GetBoolean(7)),
            cancel),
        await Read(
            "select epoch, participant, adjusted_tokens::bigint, gpu_milliseconds::bigint, tasks from epoch_tallies where pool_id = $1",
            row => new Tally(row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), cancel),
        await Read(
            """
            select epoch, worker_id, participant, since, until, gpu_milliseconds::bigint from uptime_spans where pool_id = $1
            union all
            select epoch, worker_id, participant, since, credited_until, (extract(epoch from credited_until - since) * 1000)::bigint * gpus
            from uptime_marks where pool_id = $1 and credited_until > since
            """,
            row => new UptimeSpan(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(5)), cancel));

    private async Task<IReadOnlyList<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _moment);
        command.Parameters.AddWithValue(_poolId);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(row(reader));
        return rows;
    }
}
