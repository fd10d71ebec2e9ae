using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Ledger;

/// <inheritdoc cref="ILedgerStore"/>
public sealed class PostgresLedgerStore(NpgsqlDataSource database) : ILedgerStore
{
    public Task<IReadOnlyList<TransferResult>> Append(string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default) =>
        database.InTransaction((connection, transaction) => LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken), cancellationToken);

    public async Task<AccountFigures> Account(string poolId, AccountName account, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("select balance, reserved from ledger_accounts where pool_id = $1 and name = $2");
        command.Parameters.Add(new() { Value = poolId });
        command.Parameters.Add(new() { Value = account.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(new(reader.GetInt64(0)), new(reader.GetInt64(1))) : default;
    }

    public async Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(string poolId, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("select name, balance, reserved from ledger_accounts where pool_id = $1");
        command.Parameters.Add(new() { Value = poolId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new Dictionary<AccountName, AccountFigures>();
        while (await reader.ReadAsync(cancellationToken))
            accounts[AccountName.Parse(reader.GetString(0))] = new(new(reader.GetInt64(1)), new(reader.GetInt64(2)));
        return accounts;
    }

    public async Task<IReadOnlyList<ChainedTransfer>> Transfers(string poolId, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 and sequence > $2 order by sequence limit $3");
        command.Parameters.Add(new() { Value = poolId });
        command.Parameters.Add(new() { Value = afterSequence });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<ChainedTransfer>();
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(LedgerRows.Read(reader));
        return lines;
    }
}
