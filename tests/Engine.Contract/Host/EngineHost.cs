using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Engine.Contract;

/// <summary>One running engine over one database, whichever engine this is compiled for; calls come in at its first silo.</summary>
public sealed partial class EngineHost : IAsyncDisposable
{
    private readonly List<IHost> _silos = [];

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public Probe Probe { get; } = new();

    public IServiceProvider Services => _silos[0].Services;

    /// <summary>Starts an engine whose times are short enough to wait for.</summary>
    public static async Task<EngineHost> StartAsync(string connection, HostTimes? times = null, Action<IServiceCollection>? services = null)
    {
        var engine = new EngineHost();
        var cluster = $"contract-{Guid.NewGuid():N}";
        for (var i = 0; i < Silos; i++)
        {
            var silo = engine.Build(new SiloNumber(i), connection, cluster, times ?? new HostTimes(), services);
            await silo.StartAsync();
            engine._silos.Add(silo);
        }
        return engine;
    }

    /// <summary>Stops gracefully: every activation is deactivated.</summary>
    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        // One after the other: silos that stop at once take the directory away under each other's activations.
        foreach (var silo in Enumerable.Reverse(_silos)) await silo.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var silo in _silos)
        {
            if (silo is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else silo.Dispose();
        }
    }

    private IHost Build(SiloNumber number, string connection, string cluster, HostTimes times, Action<IServiceCollection>? services)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (Environment.GetEnvironmentVariable("COCOON_TEST_LOG") is not null) builder.Logging.AddConsole();
        builder.Services.AddSingleton(Probe);
        builder.Services.AddSingleton(number);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services?.Invoke(builder.Services);
        Configure(builder, connection, cluster, times);
        return builder.Build();
    }
}

/// <summary>Which silo of a test's engine a grain lives on.</summary>
public sealed record SiloNumber(int Value);

/// <summary>The times of a test host.</summary>
public sealed record HostTimes
{
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionQuantum { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MinimumReminderPeriod { get; init; } = TimeSpan.FromMilliseconds(100);
}
