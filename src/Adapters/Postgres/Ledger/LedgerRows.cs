using CocoonPool.Domain.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Ledger;

/// <summary>How a transfer stands in its table; one list of columns for reading and writing.</summary>
internal static class LedgerRows
{
    public const string Columns = "sequence, id, action, debit, credit, amount, kind, reference, at, reservation, previous_hash, hash";

    public static ChainedTransfer Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new(row.GetString(1), AccountName.Parse(row.GetString(3)), AccountName.Parse(row.GetString(4)), new(row.GetInt64(5)),
            (TransferKind)row.GetInt16(6), row.GetString(7), row.GetFieldValue<DateTimeOffset>(8),
            (TransferAction)row.GetInt16(2), row.IsDBNull(9) ? null : row.GetString(9)),
        row.GetFieldValue<byte[]>(10),
        row.GetFieldValue<byte[]>(11));

    public static async Task Write(NpgsqlBinaryImporter copy, ChainedTransfer line, CancellationToken cancellationToken)
    {
        var transfer = line.Transfer;
        await copy.WriteAsync(line.Sequence, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(transfer.Id, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync((short)transfer.Action, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(transfer.Debit.Value, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(transfer.Credit.Value, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(transfer.Amount.Value, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync((short)transfer.Kind, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(transfer.Reference, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(transfer.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        if (transfer.Reservation is null)
            await copy.WriteNullAsync(cancellationToken);
        else
            await copy.WriteAsync(transfer.Reservation, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(line.PreviousHash, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(line.Hash, NpgsqlDbType.Bytea, cancellationToken);
    }
}
