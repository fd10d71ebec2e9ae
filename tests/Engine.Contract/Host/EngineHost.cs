using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Engine.Contract;

/// <summary>One running engine over one database, whichever engine this is compiled for.</summary>
public sealed partial class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Probe Probe => _host.Services.GetRequiredService<Probe>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts an engine whose times are short enough to wait for.</summary>
    public static async Task<EngineHost> StartAsync(string connection, HostTimes? times = null, Action<IServiceCollection>? services = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (Environment.GetEnvironmentVariable("COCOON_TEST_LOG") is not null) builder.Logging.AddConsole();
        builder.Services.AddSingleton<Probe>();
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services?.Invoke(builder.Services);
        Configure(builder, connection, times ?? new HostTimes());
        var host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host);
    }

    /// <summary>Stops gracefully: every activation is deactivated.</summary>
    public Task StopAsync() => _host.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_host is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else _host.Dispose();
    }
}

/// <summary>The times of a test host.</summary>
public sealed record HostTimes
{
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionQuantum { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MinimumReminderPeriod { get; init; } = TimeSpan.FromMilliseconds(100);
}
