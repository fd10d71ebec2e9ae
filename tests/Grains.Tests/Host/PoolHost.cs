using CocoonPool.Adapters.Postgres;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Participants;
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
    private readonly List<IHost> _silos = [];

    private PoolHost(string connection) => _connection = connection;

    public ChainModel Chain { get; } = new();

    public LinkModel Links { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public IGrainFactory Grains => Get<IGrainFactory>();

    public T Get<T>()
        where T : notnull => _silos[0].Services.GetRequiredService<T>();

    /// <summary>The same service of every silo; there is one silo on the local engine.</summary>
    public IReadOnlyList<T> OfEach<T>()
        where T : notnull => [.. _silos.Select(silo => silo.Services.GetRequiredService<T>())];

    /// <summary>Starts a pool with one participant-friendly set of parameters on a database of its own.</summary>
    public static async Task<PoolHost> Start(int batchSize = 2)
    {
        var server = await PostgresServer.SharedAsync();
        var connection = await server.CreateDatabaseAsync($"grains_{Guid.NewGuid():n}");
        await using (var database = NpgsqlDataSource.Create(connection))
            await new Migrator(database).Up();
        var host = new PoolHost(connection);
        await host.StartSilos(batchSize);
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
        await StartSilos(batchSize);
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task Stop()
    {
        await Task.WhenAll(_silos.Select(silo => silo.StopAsync()));
        foreach (var silo in _silos.OfType<IAsyncDisposable>())
            await silo.DisposeAsync();
        _silos.Clear();
        // The providers of a cluster keep connections of their own, and the server has few to spare for tests that are over.
        NpgsqlConnection.ClearAllPools();
    }

    private async Task StartSilos(int batchSize)
    {
        // A cluster of its own for every start: one that is started anew must not wait for the one before it to be declared dead.
        var cluster = $"grain-tests-{Guid.NewGuid():n}";
        for (var i = 0; i < Silos; i++)
        {
            var silo = Build(cluster, batchSize);
            await silo.StartAsync();
            _silos.Add(silo);
        }
    }

    private IHost Build(string cluster, int batchSize)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton(Clock(Time));
        services.AddSingleton(_ => NpgsqlDataSource.Create(_connection));
        services.AddSingleton(new PoolSettings { Id = PoolId, Distribution = ChainModel.Distribution, Registry = ChainModel.Registry, BatchSize = batchSize });
        services.AddSingleton(new AssignmentTickets(new byte[32]));
        services.AddSingleton<IChainGateway>(Chain);
        services.AddSingleton<IStakeChain>(Chain);
        services.AddSingleton<IWorkerLinks>(Links);
        services.AddSingleton<IPollSessions, PollModel>();
        services.AddPostgresStores();
        AddEngine(builder, _connection, cluster);
        return builder.Build();
    }

#if ORLEANS
    private const int Silos = 2;

    private static void AddEngine(HostApplicationBuilder builder, string connection, string cluster) => builder.UseOrleans(silo =>
    {
        const string Postgres = "Npgsql";
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "grain-tests"));
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        silo.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith(["Npgsql", "CocoonPool"]));
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
    /// The date that the test sets, and the grains' timers by the same clock. For the silo time passes as ever: it probes, waits and
    /// retries by the same provider as the grains, and would stand still with a clock that stands still.
    /// </summary>
    private static TimeProvider Clock(ManualTimeProvider time) => new GrainClock(time);

    private sealed class GrainClock(ManualTimeProvider time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            state is IGrainTimer ? time.CreateTimer(callback, state, dueTime, period) : base.CreateTimer(callback, state, dueTime, period);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
#else
    private static TimeProvider Clock(ManualTimeProvider time) => time;

    private const int Silos = 1;

    private static void AddEngine(HostApplicationBuilder builder, string connection, string cluster) => builder.UseLocalEngine(options =>
    {
        _ = cluster;
        _ = connection; // It takes its connections from the host's data source.
        options.ServiceId = "grain-tests";
        options.Assemblies.Add(typeof(PoolGrain).Assembly);
        options.Assemblies.Add(typeof(IPoolGrain).Assembly);
        DomainJson.Configure(options.Json);
    });
#endif
}
