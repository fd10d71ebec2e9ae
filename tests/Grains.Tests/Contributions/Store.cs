using CocoonPool.Adapters.Postgres;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>The stores over a database of their own, with epochs of a week from Monday, and contributions to put into them.</summary>
internal sealed class Store(string connection, ServiceProvider services) : IAsyncDisposable
{
    public const string PoolId = "main";

    public static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public string Connection { get; } = connection;

    public IContributionStore Contributions => Get<IContributionStore>();

    public IContributionArchive Archive => Get<IContributionArchive>();

    public IEpochStore Epochs => Get<IEpochStore>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <param name="time">Without one as in a silo. A clock that stands lets nobody give up waiting for a commit, however slow the machine is.</param>
    public static async Task<Store> Create(PostgresServer? server = null, TimeProvider? time = null)
    {
        server ??= await PostgresServer.SharedAsync();
        var store = Open(new NpgsqlDataSourceBuilder(await server.CreateDatabaseAsync("store")), time);
        await new Migrator(store.Get<NpgsqlDataSource>()).Up();
        await store.Epochs.CreateCalendar(PoolId, Monday, Monday.AddDays(7), TimeSpan.FromDays(7));
        return store;
    }

    /// <summary>Another host on the same database.</summary>
    public static Store Open(string connection) => Open(new NpgsqlDataSourceBuilder(connection));

    public static Store Open(NpgsqlDataSourceBuilder database, TimeProvider? time = null) => new(database.ConnectionString, new ServiceCollection()
        .AddSingleton(time ?? TimeProvider.System).AddSingleton(_ => database.Build()).AddPostgresStores().BuildServiceProvider());

    public static TonAddress Participant(byte number) => new(0, Enumerable.Repeat(number, 32).ToArray());

    /// <summary>A successful task that was assigned, served and reported within a second.</summary>
    public static Contribution Task(string id, DateTimeOffset at, long tokens = 10, byte participant = 1, DateTimeOffset? arrivedAt = null)
    {
        var counts = new TokenCounts(5, 0, tokens, 0);
        var adjusted = AdjustedTokens.Of(counts, new(), 1000);
        var receipt = new Receipt(new(id), new($"worker-{participant}"), Participant(participant), "demo", counts, adjusted, 100, 10, TaskOutcome.Success, at, at.AddMilliseconds(900));
        return new(receipt, at, counts, adjusted, 1_000_000, false, receipt.CanonicalBytes(), new byte[32], new byte[64], [], arrivedAt ?? at.AddSeconds(1));
    }

    public static UptimeContribution Uptime(DateTimeOffset from, DateTimeOffset to, int gpus = 1, string worker = "worker-1", byte participant = 1) =>
        new(new WorkerId(worker), Participant(participant), from, to, gpus);

    public async Task<ContributionResult> Record(Contribution contribution) => (await Contributions.Record(PoolId, [contribution])).Single();

    public async Task<IReadOnlyList<EpochTally>> Tallies(int epoch) => await Contributions.Tallies(PoolId, new(epoch));

    public async Task<long> GpuMilliseconds(int epoch) => (long)(await Tallies(epoch)).Aggregate(System.Numerics.BigInteger.Zero, (sum, t) => sum + t.Tally.GpuMilliseconds);

    public async Task<int> Execute(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
