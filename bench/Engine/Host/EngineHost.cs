using CocoonPool.Adapters.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Bench.Engine.Host;

/// <summary>The grain engine of this build, in a host with the benchmarks' own grains and the pool's, over a real database.</summary>
internal sealed partial class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="connection">A database that is empty.</param>
    /// <param name="configure">What the pool's grains need beside the engine, when those are measured.</param>
    public static async Task<EngineHost> Start(string connection, Action<IServiceCollection>? configure = null)
    {
        await using (var database = NpgsqlDataSource.Create(connection))
            await new Migrator(database).Up();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        configure?.Invoke(builder.Services);
        AddEngine(builder, connection);
        var host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
