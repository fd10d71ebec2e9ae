using CocoonPool.Domain.Epochs;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Epochs;

/// <summary>
/// The open epochs, held open: whoever adds to epochs shares a lock until its commit, and closing takes it alone. So nothing is ever
/// added to an epoch whose tallies were read. Closing holds it for two small statements; the intake of the next epoch goes on at once.
/// </summary>
internal static class OpenEpochs
{
    /// <summary>The lock's key, of the pool in the first parameter.</summary>
    public const string Key = "hashtextextended('epochs/' || $1, 0)";

    /// <summary>The pool's open epochs, ascending.</summary>
    public const string Select = "select number, starts_at, ends_at from epochs where pool_id = $1 and phase = 0 order by number";

    /// <summary>Shares the lock until the transaction ends.</summary>
    public static Task Hold(NpgsqlTransaction transaction, string poolId, CancellationToken cancellationToken) =>
        Execute(transaction, $"select pg_advisory_xact_lock_shared({Key})", poolId, cancellationToken);

    /// <summary>Waits for everybody who adds, and keeps them out until the transaction ends.</summary>
    public static Task Shut(NpgsqlTransaction transaction, string poolId, CancellationToken cancellationToken) =>
        Execute(transaction, $"select pg_advisory_xact_lock({Key})", poolId, cancellationToken);

    public static async Task<List<OpenEpoch>> Read(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var open = new List<OpenEpoch>();
        while (await reader.ReadAsync(cancellationToken))
            open.Add(new(new(reader.GetInt32(0)), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return open;
    }

    /// <summary>The same epochs, with new ones up to the one that holds the moment when the calendar is behind. The lock must be held.</summary>
    public static async Task<IReadOnlyList<OpenEpoch>> Reaching(
        NpgsqlTransaction transaction, string poolId, List<OpenEpoch> open, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        if (open.Count > 0 && moment < open[^1].End)
            return open;
        await using (var command = new NpgsqlCommand("select open_epochs($1, $2)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = poolId }, new() { Value = moment.UtcDateTime } },
        })
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var select = new NpgsqlCommand(Select, transaction.Connection, transaction) { Parameters = { new() { Value = poolId } } };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await Read(reader, cancellationToken);
    }

    private static async Task Execute(NpgsqlTransaction transaction, string sql, string poolId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { Parameters = { new() { Value = poolId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
