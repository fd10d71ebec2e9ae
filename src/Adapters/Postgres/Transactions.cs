using Dapper;
using Npgsql;

namespace CocoonPool.Adapters.Postgres;

/// <summary>Steps in one database transaction, and Dapper calls that say what they need in one line.</summary>
internal static class Transactions
{
    /// <summary>Committed when the step returns, rolled back when it throws.</summary>
    public static async Task<T> InTransaction<T>(
        this NpgsqlDataSource database, Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> step, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await step(connection, transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public static Task InTransaction(
        this NpgsqlDataSource database, Func<NpgsqlConnection, NpgsqlTransaction, Task> step, CancellationToken cancellationToken) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                await step(connection, transaction);
                return true;
            },
            cancellationToken);

    /// <param name="parameters">An anonymous object; a property <c>x</c> is <c>@x</c> in the text.</param>
    public static async Task<List<T>> Query<T>(this NpgsqlDataSource database, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }

    public static async Task<int> Execute(this NpgsqlDataSource database, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    public static async Task<List<T>> Query<T>(this NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<T>(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken))).AsList();

    public static Task<int> Execute(this NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));

    /// <summary>A timestamptz as it comes from the driver: UTC.</summary>
    public static DateTimeOffset Utc(this DateTime value) => new(DateTime.SpecifyKind(value, DateTimeKind.Utc), TimeSpan.Zero);
}
