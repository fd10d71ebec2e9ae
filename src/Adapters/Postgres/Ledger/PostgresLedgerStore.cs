using System.Data;
using CocoonPool.Adapters.Postgres.Commits;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Ledger;

/// <inheritdoc cref="ILedgerStore"/>
public sealed class PostgresLedgerStore : ILedgerStore, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly GroupCommit<Submission, AppendAnswer> _commits;

    public PostgresLedgerStore(NpgsqlDataSource database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _commits = new(new(MaxWaiting: 32_768, MaxGroup: 4_096), submission => submission.Transfers.Count, Commit, time);
    }

    private sealed record Submission(string PoolId, IReadOnlyList<Transfer> Transfers);

    public async Task<IReadOnlyList<TransferResult>> Append(string poolId, IReadOnlyList<Transfer> transfers, CancellationToken cancellationToken = default)
    {
        if (transfers.Count == 0)
            return [];
        if (!_commits.TrySubmit(new(poolId, transfers), out var committed))
            throw new LedgerBusyException();
        try
        {
            var answer = await committed.WaitAsync(Patience, _time, cancellationToken);
            return answer.Refused is { } refused ? throw refused : answer.Results;
        }
        catch (TimeoutException)
        {
            throw new LedgerBusyException();
        }
    }

    public async Task<LedgerVerification> Verify(string poolId, CancellationToken cancellationToken = default)
    {
        // One snapshot for lines and balances: transfers that are appended meanwhile belong to neither.
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var audit = new LedgerAudit();
        await using (var command = new NpgsqlCommand($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 order by sequence", connection, transaction)
        {
            Parameters = { new() { Value = poolId } },
            CommandTimeout = 0,
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                audit.Next(LedgerRows.Read(reader));
        }

        audit.Compare(await Accounts(new NpgsqlCommand(SelectAccounts, connection, transaction), poolId, cancellationToken));
        return new(audit.Transfers, Convert.ToHexStringLower(audit.Head), audit.FirstProblem);
    }

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    public async Task<AccountFigures> Account(string poolId, AccountName account, CancellationToken cancellationToken = default)
    {
        await using var command = _database.CreateCommand("select balance, reserved from ledger_accounts where pool_id = $1 and name = $2");
        command.Parameters.Add(new() { Value = poolId });
        command.Parameters.Add(new() { Value = account.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(new(reader.GetInt64(0)), new(reader.GetInt64(1))) : default;
    }

    public Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(string poolId, CancellationToken cancellationToken = default) =>
        Accounts(_database.CreateCommand(SelectAccounts), poolId, cancellationToken);

    public async Task<IReadOnlyList<ChainedTransfer>> Transfers(string poolId, long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        await using var command = _database.CreateCommand($"select {LedgerRows.Columns} from ledger_transfers where pool_id = $1 and sequence > $2 order by sequence limit $3");
        command.Parameters.Add(new() { Value = poolId });
        command.Parameters.Add(new() { Value = afterSequence });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<ChainedTransfer>();
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(LedgerRows.Read(reader));
        return lines;
    }

    private const string SelectAccounts = "select name, balance, reserved from ledger_accounts where pool_id = $1";

    private static async Task<IReadOnlyDictionary<AccountName, AccountFigures>> Accounts(NpgsqlCommand command, string poolId, CancellationToken cancellationToken)
    {
        await using var _ = command;
        command.Parameters.Add(new() { Value = poolId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new Dictionary<AccountName, AccountFigures>();
        while (await reader.ReadAsync(cancellationToken))
            accounts[AccountName.Parse(reader.GetString(0))] = new(new(reader.GetInt64(1)), new(reader.GetInt64(2)));
        return accounts;
    }

    private async Task<IReadOnlyList<AppendAnswer>> Commit(IReadOnlyList<Submission> group, CancellationToken cancellationToken)
    {
        var answers = new AppendAnswer[group.Count];
        foreach (var pool in group.Index().GroupBy(entry => entry.Item.PoolId, StringComparer.Ordinal))
        {
            var entries = pool.ToList();
            var written = await CommitMetrics.Measure("ledger", () => _database.InTransaction(
                (connection, transaction) => LedgerWriter.AppendEach(connection, transaction, pool.Key, entries.ConvertAll(e => e.Item.Transfers), cancellationToken), cancellationToken));
            for (var i = 0; i < entries.Count; i++)
                answers[entries[i].Index] = written[i];
        }

        return answers;
    }
}
