using CocoonPool.Adapters.Postgres;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
#if ORLEANS
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
#endif

namespace CocoonPool.Grains.Tests.Host;

/// <summary>All grains on the engine over real PostgreSQL, with a model of the chain and a clock that the test moves.</summary>
internal sealed class PoolHost : IAsyncDisposable
{
    public const string PoolId = "main";

    private readonly string _connection;
    private IHost _host;

    private PoolHost(string connection, ChainModel chain, LinkModel links, ManualTimeProvider time, IHost host)
    {
        (_connection, Chain, Links, Time, _host) = (connection, chain, links, time, host);
    }

    public ChainModel Chain { get; }

    public LinkModel Links { get; }

    public ManualTimeProvider Time { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts a pool with one participant-friendly set of parameters on a database of its own.</summary>
    public static async Task<PoolHost> Start(int batchSize = 2)
    {
        var server = await PostgresServer.SharedAsync();
        var connection = await server.CreateDatabaseAsync($"grains_{Guid.NewGuid():n}");
        await using (var database = NpgsqlDataSource.Create(connection))
            await new Migrator(database).Up();
        var (chain, links, time) = (new ChainModel(), new LinkModel(), new ManualTimeProvider());
        var host = new PoolHost(connection, chain, links, time, await Build(connection, chain, links, time, batchSize));
        var parameters = PoolParameters.Default with { MinPayout = new(50_000_000), HeartbeatInterval = TimeSpan.FromSeconds(1), HeartbeatTimeout = TimeSpan.FromSeconds(3) };
        (await host.Pool.Create(new("Test pool", ChainModel.Operator, PoolParametersJson.Write(parameters), TimeSpan.FromMinutes(15)))).Accepted.ShouldBeTrue();
        return host;
    }

    public IPoolGrain Pool => Grains.GetGrain<IPoolGrain>(PoolId);

    public ISettlementGrain Settlement(int epoch) => Grains.GetGrain<ISettlementGrain>($"{PoolId}/{epoch}");

    /// <summary>Ends the engine as a crash of the process would leave the database, and starts it anew.</summary>
    public async Task Restart(int batchSize = 2)
    {
        await Stop();
        _host = await Build(_connection, Chain, Links, Time, batchSize);
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task Stop()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static async Task<IHost> Build(string connection, ChainModel chain, LinkModel links, ManualTimeProvider time, int batchSize)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton(Clock(time));
        services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services.AddSingleton(new PoolSettings { Id = PoolId, Distribution = ChainModel.Distribution, StakeWallet = ChainModel.StakeWallet, BatchSize = batchSize });
        services.AddSingleton(new AssignmentTickets(new byte[32]));
        services.AddSingleton<IChainGateway>(chain);
        services.AddSingleton<IWorkerLinks>(links);
        services.AddPostgresStores();
        AddEngine(builder, connection);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

#if ORLEANS
    private static void AddEngine(HostApplicationBuilder builder, string connection) => builder.UseOrleans(silo =>
    {
        const string Postgres = "Npgsql";
        // A cluster of its own for every start: one that is started anew must not wait for the one before it to be declared dead.
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ($"grain-tests-{Guid.NewGuid():n}", "grain-tests"));
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.AddAdoNetGrainStorage("pool", o =>
        {
            (o.Invariant, o.ConnectionString) = (Postgres, connection);
            var json = new SystemTextJsonGrainStorageSerializerOptions();
            DomainJson.Configure(json.JsonSerializerOptions);
            o.GrainStorageSerializer = new SystemTextJsonGrainStorageSerializer(Options.Create(json));
        });
    });

    /// <summary>
    /// The date that the test sets, with time that passes as ever: the silo probes, waits and retries by the same provider as the
    /// grains, and would stand still with a clock that stands still.
    /// </summary>
    private static TimeProvider Clock(ManualTimeProvider time) => new SetDate(time);

    private sealed class SetDate(ManualTimeProvider time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
#else
    private static TimeProvider Clock(ManualTimeProvider time) => time;

    private static void AddEngine(HostApplicationBuilder builder, string connection) => builder.UseLocalEngine(options =>
    {
        _ = connection; // It takes its connections from the host's data source.
        options.ServiceId = "grain-tests";
        options.Assemblies.Add(typeof(PoolGrain).Assembly);
        options.Assemblies.Add(typeof(IPoolGrain).Assembly);
        DomainJson.Configure(options.Json);
    });
#endif
}
