using System.Collections.Concurrent;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>How PostgreSQL carries out what is written for every request, told by its own auto_explain.</summary>
public sealed class PlanTests
{
    [Fact]
    public async Task Writers_AreNotCompiledToMachineCodeForEveryBatch()
    {
        await using var store = await Store.Create();
        await RequireExplanations(store.Connection);
        var plans = new ConcurrentQueue<string>();
        await using var explained = Store.Open(Explaining(store.Connection, plans));

        await explained.Record(Store.Task("task-1", Store.Monday));
        await explained.Get<ILedgerStore>().Append(Store.PoolId, [new("deposit", AccountName.Distribution, AccountName.Revenue(new(1)), new(5), TransferKind.Revenue, "deposit", Store.Monday)]);

        plans.ShouldContain(plan => plan.Contains("Seq Scan on contribution_horizon", StringComparison.Ordinal), "a table that has nothing but the whole of itself to read");
        plans.ShouldContain(plan => plan.Contains(" on ledger_transfers", StringComparison.Ordinal));
        plans.ShouldNotContain(plan => plan.Contains("JIT:", StringComparison.Ordinal));
    }

    private static NpgsqlDataSourceBuilder Explaining(string connection, ConcurrentQueue<string> plans)
    {
        var builder = new NpgsqlDataSourceBuilder(connection).UseLoggerFactory(new Notices(plans));
        builder.ConnectionStringBuilder.Options = "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c client_min_messages=log";
        return builder;
    }

    /// <summary>A server may have been built without the compiler or come without its extras; then there is nothing to see.</summary>
    private static async Task RequireExplanations(string connection)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        try
        {
            Assert.SkipUnless((bool)(await database.CreateCommand("select pg_jit_available()").ExecuteScalarAsync())!, "This PostgreSQL compiles nothing.");
            await database.CreateCommand("load 'auto_explain'").ExecuteNonQueryAsync();
        }
        catch (PostgresException missing)
        {
            Assert.Skip($"This PostgreSQL does not explain itself: {missing.MessageText}");
        }
    }

    /// <summary>What the driver says of itself, and that is every notice that the server sends.</summary>
    private sealed class Notices(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
