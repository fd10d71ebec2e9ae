using CocoonPool.Adapters.Postgres;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CocoonPool.Bench.Accounting;

/// <summary>A database with the pool's schema and one open epoch, and the stores over it as the silo has them.</summary>
internal sealed class PoolDatabase : IAsyncDisposable
{
    public const string PoolId = "bench";

    private readonly ServiceProvider _services;

    private PoolDatabase(string connection, ServiceProvider services) => (Connection, _services) = (connection, services);

    public string Connection { get; }

    public NpgsqlDataSource Source => Get<NpgsqlDataSource>();

    public static TonAddress Participant(int number)
    {
        var hash = new byte[32];
        BitConverter.TryWriteBytes(hash, number + 1);
        return new(0, hash);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<PoolDatabase> Create(BenchContext context, string name)
    {
        // The settings that the silo adds to its connection.
        var connection = new NpgsqlConnectionStringBuilder(await context.Database(name)) { NoResetOnClose = true, MaxAutoPrepare = 30 }.ConnectionString;
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System).AddSingleton(_ => NpgsqlDataSource.Create(connection)).AddPostgresStores().BuildServiceProvider();
        var database = new PoolDatabase(connection, services);
        await new Migrator(database.Source).Up(context.Cancellation);
        var start = EpochCalendar.WholeMilliseconds(context.Time.GetUtcNow()) - TimeSpan.FromHours(1);
        await database.Get<IEpochStore>().CreateCalendar(PoolId, start, start + TimeSpan.FromDays(7), TimeSpan.FromDays(7), context.Cancellation);
        return database;
    }

    public async Task Execute(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Count(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Books revenue of an epoch, as a deposit that came in on chain.</summary>
    public Task Earn(EpochNumber epoch, Nanotons amount, string id) => Get<ILedgerStore>().Append(
        PoolId, [new(id, AccountName.Distribution, AccountName.Revenue(epoch), amount, TransferKind.Revenue, id, TimeProvider.System.GetUtcNow())]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
