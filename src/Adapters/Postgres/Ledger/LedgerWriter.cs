using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Ledger;

/// <summary>
/// Appends transfers inside somebody's database transaction, so that a larger step and its money are one. The advisory lock makes
/// one writer of all: it is taken first and held until the commit, so the order is total and nothing can deadlock.
/// </summary>
internal static class LedgerWriter
{
    /// <exception cref="LedgerRefusedException">A transfer was refused; the caller must roll back.</exception>
    public static async Task<IReadOnlyList<TransferResult>> Append(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken)
    {
        if (transfers.Count == 0)
            return [];
        await Lock(connection, transaction, poolId, cancellationToken);
        var book = new LedgerBook();
        await LoadAccounts(connection, transaction, poolId, transfers, book, cancellationToken);
        await LoadTransfers(connection, transaction, poolId, transfers, book, cancellationToken);
        var (sequence, head) = await Head(connection, transaction, poolId, cancellationToken);

        var results = new List<TransferResult>(transfers.Count);
        var lines = new List<ChainedTransfer>(transfers.Count);
        foreach (var wanted in transfers)
        {
            var transfer = wanted with { At = DateTimeOffset.FromUnixTimeMilliseconds(wanted.At.ToUnixTimeMilliseconds()) };
            var result = book.Apply(transfer);
            if (result is not (TransferResult.Recorded or TransferResult.AlreadyRecorded))
                throw new LedgerRefusedException(transfer, result);
            results.Add(result);
            if (result == TransferResult.AlreadyRecorded)
                continue;
            var hash = LedgerChain.Hash(head, ++sequence, transfer);
            lines.Add(new(sequence, transfer, head, hash));
            head = hash;
        }
        await Insert(connection, transaction, poolId, lines, cancellationToken);
        await Save(connection, transaction, poolId, book, lines, cancellationToken);
        return results;
    }

    private static async Task Lock(NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('ledger/' || $1, 0))", connection, transaction) { Parameters = { new() { Value = poolId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LoadAccounts(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, IReadOnlyList<Transfer> transfers, LedgerBook book, CancellationToken cancellationToken)
    {
        var names = transfers.SelectMany(t => new[] { t.Debit.Value, t.Credit.Value }).Distinct(StringComparer.Ordinal).ToArray();
        await using var command = new NpgsqlCommand("select name, balance, reserved from ledger_accounts where pool_id = $1 and name = any($2)", connection, transaction)
        {
            Parameters = { new() { Value = poolId }, new() { Value = names } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            book.Load(AccountName.Parse(reader.GetString(0)), new(new(reader.GetInt64(1)), new(reader.GetInt64(2))));
    }

    private static async Task LoadTransfers(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, IReadOnlyList<Transfer> transfers, LedgerBook book, CancellationToken cancellationToken)
    {
        var ids = transfers.Select(t => t.Id).ToArray();
        var reservations = transfers.Select(t => t.Reservation).OfType<string>().ToArray();
        await using var command = new NpgsqlCommand($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 and (id = any($2) or id = any($3) or reservation = any($3))", connection, transaction)
        {
            Parameters = { new() { Value = poolId }, new() { Value = ids }, new() { Value = reservations } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            book.Load(LedgerRows.Read(reader).Transfer);
    }

    private static async Task<(long Sequence, byte[] Hash)> Head(NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select sequence, hash from ledger_transfers where pool_id = $1 order by sequence desc limit 1", connection, transaction) { Parameters = { new() { Value = poolId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, LedgerChain.Genesis);
    }

    private static async Task Insert(NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, List<ChainedTransfer> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
            return;

        // COPY runs inside the same transaction and takes any number of lines in one round trip.
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy ledger_transfers (pool_id, {LedgerRows.Columns}) from stdin (format binary)", cancellationToken);
        foreach (var line in lines)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(poolId, NpgsqlDbType.Text, cancellationToken);
            await LedgerRows.Write(copy, line, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task Save(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, LedgerBook book, List<ChainedTransfer> lines, CancellationToken cancellationToken)
    {
        var touched = lines.SelectMany(l => new[] { l.Transfer.Debit, l.Transfer.Credit }).Distinct().ToArray();
        if (touched.Length == 0)
            return;
        await using var command = new NpgsqlCommand(
            """
            insert into ledger_accounts (pool_id, name, balance, reserved, may_be_negative)
            select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[], $5::boolean[])
            on conflict (pool_id, name) do update set balance = excluded.balance, reserved = excluded.reserved
            """, connection, transaction)
        {
            Parameters =
            {
                new() { Value = poolId },
                new() { Value = touched.Select(a => a.Value).ToArray() },
                new() { Value = touched.Select(a => book[a].Balance.Value).ToArray() },
                new() { Value = touched.Select(a => book[a].Reserved.Value).ToArray() },
                new() { Value = touched.Select(a => a.MayBeNegative).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
