using CocoonPool.Adapters.Postgres.Commits;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Ledger;

/// <summary>What became of one list of transfers.</summary>
internal sealed record AppendAnswer(IReadOnlyList<TransferResult> Results, LedgerRefusedException? Refused);

/// <summary>
/// Appends transfers inside somebody's database transaction, so that a larger step and its money are one. The advisory lock makes
/// one writer of all: it is taken first and held until the commit, so the order is total and nothing can deadlock. The accounts' figures are not written
/// here: the database makes them from the lines, and checks the chain and the reservations again.
/// </summary>
internal static class LedgerWriter
{
    /// <exception cref="LedgerRefusedException">A transfer was refused; the caller must roll back.</exception>
    public static async Task<IReadOnlyList<TransferResult>> Append(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken)
    {
        if (transfers.Count == 0)
            return [];
        var answer = (await AppendEach(connection, transaction, poolId, [transfers], cancellationToken))[0];
        return answer.Refused is { } refused ? throw refused : answer.Results;
    }

    /// <summary>Appends several lists, each all or nothing by itself: a refused one leaves the others as if it had not been there.</summary>
    public static async Task<IReadOnlyList<AppendAnswer>> AppendEach(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, IReadOnlyList<IReadOnlyList<Transfer>> lists, CancellationToken cancellationToken)
    {
        var all = lists.SelectMany(list => list).ToList();
        var book = new LedgerBook();
        var (sequence, head) = await Load(connection, transaction, poolId, all, book, cancellationToken);
        var answers = new List<AppendAnswer>(lists.Count);
        var lines = new List<ChainedTransfer>(all.Count);
        foreach (var list in lists)
        {
            var transfers = list.Select(wanted => wanted with { At = DateTimeOffset.FromUnixTimeMilliseconds(wanted.At.ToUnixTimeMilliseconds()) }).ToList();
            var results = book.ApplyAll(transfers, out var refused);
            answers.Add(new(results, refused is null ? null : new(refused, results[^1])));
            for (var i = 0; refused is null && i < results.Count; i++)
            {
                if (results[i] == TransferResult.AlreadyRecorded)
                    continue;
                var hash = LedgerChain.Hash(head, ++sequence, transfers[i]);
                lines.Add(new(sequence, transfers[i], head, hash));
                head = hash;
            }
        }

        await Insert(connection, transaction, poolId, lines, cancellationToken);
        return answers;
    }

    /// <summary>Takes the writer's lock, then reads what concerns the transfers and the end of the chain, in one round trip.</summary>
    private static async Task<(long Sequence, byte[] Head)> Load(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, List<Transfer> transfers, LedgerBook book, CancellationToken cancellationToken)
    {
        var reservations = transfers.Select(t => t.Reservation).OfType<string>().ToArray();
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new($"select pg_advisory_xact_lock(hashtextextended('ledger/' || $1, 0)), {PlanByIndex.Columns}") { Parameters = { new() { Value = poolId } } },
                new("select sequence, hash from ledger_transfers where pool_id = $1 order by sequence desc limit 1") { Parameters = { new() { Value = poolId } } },
                new("select name, balance, reserved from ledger_accounts where pool_id = $1 and name = any($2)")
                {
                    Parameters = { new() { Value = poolId }, new() { Value = transfers.SelectMany(t => new[] { t.Debit.Value, t.Credit.Value }).Distinct(StringComparer.Ordinal).ToArray() } },
                },
                new($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 and id = any($2)")
                {
                    Parameters = { new() { Value = poolId }, new() { Value = transfers.Select(t => t.Id).Concat(reservations).ToArray() } },
                },
                new($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 and reservation = any($2)")
                {
                    Parameters = { new() { Value = poolId }, new() { Value = reservations } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var end = await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, LedgerChain.Genesis);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            book.Load(AccountName.Parse(reader.GetString(0)), new(new(reader.GetInt64(1)), new(reader.GetInt64(2))));
        while (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                book.Load(LedgerRows.Read(reader).Transfer);
        }

        return end;
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
        CommitMetrics.TransfersWritten(lines.Count);
    }
}
