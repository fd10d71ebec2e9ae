using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Adapters.Ton;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CocoonPool.Silo.Hosting;

/// <summary>Where every port of the grains gets its adapter.</summary>
public static class Composition
{
    public static WebApplicationBuilder AddPool(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SiloOptions>().BindConfiguration("Silo").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PoolOptions>().BindConfiguration("Pool").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ChainOptions>().BindConfiguration("Chain").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SettlementOptions>().BindConfiguration("Settlement").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Settings);

        var connectionString = ConnectionString(builder.Configuration);
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connectionString) { Name = "pool" }.Build());
        services.AddSingleton<Migrator>();
        services.AddSingleton<ApiKeys>();
        services.AddPostgresStores();
        services.AddSingleton<PoolStatistics>();
        services.AddSingleton(provider => new AssignmentTickets(
            Convert.FromHexString(Secrets.Read(provider.GetRequiredService<IOptions<PoolOptions>>().Value.TicketKeyFile, "Pool:TicketKeyFile"))));
        services.AddSingleton<IChainGateway>(ChainGateway);
        services.AddSingleton(provider => (IStakeChain)provider.GetRequiredService<IChainGateway>());
        services.AddSingleton(provider => (IStakeMessages)provider.GetRequiredService<IChainGateway>());

        // In this order: the schema, the engine on top of it, the pool inside the engine.
        services.AddHostedService<SchemaGate>();
        builder.AddEngine(connectionString);
        services.AddHostedService<PoolBootstrap>();
        return builder;
    }

    /// <summary>The settings that PostgreSQL measures fastest for many small statements are added unless they are given.</summary>
    private static string ConnectionString(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("Pool")
            ?? throw new InvalidOperationException("ConnectionStrings:Pool is missing: the PostgreSQL database of the pool.");
        var connection = new NpgsqlConnectionStringBuilder(text) { NoResetOnClose = true };
        if (connection.MaxAutoPrepare == 0)
            connection.MaxAutoPrepare = 30;
        return connection.ConnectionString;
    }

    private static PoolSettings Settings(IServiceProvider provider)
    {
        var pool = provider.GetRequiredService<IOptions<PoolOptions>>().Value;
        var chain = provider.GetRequiredService<IOptions<ChainOptions>>().Value;
        var settlement = provider.GetRequiredService<IOptions<SettlementOptions>>().Value;
        return new()
        {
            Id = pool.Id,
            Network = pool.Network,
            Distribution = Address(chain.Distribution, pool.Network, "Chain:Distribution"),
            Registry = Address(chain.Registry, pool.Network, "Chain:Registry"),
            BatchSize = settlement.BatchSize,
            SignatureLifetimeSeconds = settlement.SignatureLifetimeSeconds,
            ContributionRetention = pool.ContributionRetention,
            TargetLatencyMilliseconds = pool.TargetLatencyMilliseconds,
            ChainPollInterval = chain.PollInterval,
        };
    }

    private static TonAddress Address(string text, TonNetwork network, string key) =>
        TonAddress.TryParse(text, network, out var address, out var problem) ? address : throw new InvalidOperationException($"{key}: {problem}");

    private static ChainGatewayClient ChainGateway(IServiceProvider provider)
    {
        var chain = provider.GetRequiredService<IOptions<ChainOptions>>().Value;
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), SslOptions = new() { EnabledSslProtocols = TransportGuard.Outgoing } })
        {
            BaseAddress = new Uri(chain.GatewayUrl.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(15),
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Secrets.Read(chain.GatewayTokenFile, "Chain:GatewayTokenFile"));
        return new(http);
    }
}
