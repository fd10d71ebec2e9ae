using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Ton;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Settlement.Tests.Host;

/// <summary>
/// A silo reduced to what pays: the engine, the pool's grains, the stores on PostgreSQL and the client of the chain gateway, all as
/// the product has them. It is a process of its own, so that a kill is a kill.
/// </summary>
internal static class SettlementSilo
{
    public const string Command = "silo";

    public static async Task<int> Run()
    {
        var options = SiloOptions.FromEnvironment();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("CocoonPool.Grains", LogLevel.Information)
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => NpgsqlDataSource.Create(options.Connection))
            .AddSingleton(Settings(options))
            .AddSingleton(new AssignmentTickets(new byte[32]))
            .AddPostgresStores()
            .AddSingleton<IChainGateway>(_ => new ChainGatewayClient(Http(options)));
        DeliberateBugs.Plant(builder.Services, options.Bug);
        builder.UseLocalEngine(engine =>
        {
            engine.ServiceId = SiloOptions.PoolId;
            engine.Assemblies.Add(typeof(PoolGrain).Assembly);
            engine.Assemblies.Add(typeof(IPoolGrain).Assembly);
            DomainJson.Configure(engine.Json);
        });
        using var host = builder.Build();
        await host.StartAsync();
        await Bootstrap(host.Services.GetRequiredService<IGrainFactory>(), options);
        await Console.Out.WriteLineAsync("silo ready here");
        await host.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Quick looks and short signatures: a hundred epochs with their faults are to pass in minutes.</summary>
    private static PoolSettings Settings(SiloOptions options) => new()
    {
        Id = SiloOptions.PoolId,
        Distribution = TonAddress.Parse(options.Distribution),
        SignatureLifetimeSeconds = 4,
        ChainPollInterval = TimeSpan.FromMilliseconds(100),
        CalendarPeriod = TimeSpan.FromMilliseconds(100),
        RefusalPause = TimeSpan.FromMilliseconds(300),
    };

    private static HttpClient Http(SiloOptions options)
    {
        var http = new HttpClient { BaseAddress = new Uri(options.GatewayUrl + "/"), Timeout = TimeSpan.FromSeconds(15) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", options.GatewayToken);
        return http;
    }

    /// <summary>As the product starts: the pool is created if it is not there, and its calendar finds what is not settled.</summary>
    private static async Task Bootstrap(IGrainFactory grains, SiloOptions options)
    {
        var parameters = PoolParameters.Default with { MaxParticipants = 1_000_000, MinPayout = new(50_000_000) };
        var created = await grains.GetGrain<IPoolGrain>(SiloOptions.PoolId)
            .Create(new("Schedules", TonAddress.Parse(options.OperatorWallet), PoolParametersJson.Write(parameters), TimeSpan.FromMinutes(15)));
        if (!created.Accepted)
            throw new InvalidOperationException($"The pool cannot be created: {created.Message}");
    }
}
