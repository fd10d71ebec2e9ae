using Microsoft.Extensions.Hosting;

namespace CocoonPool.Engine.Local;

/// <summary>Starts reminders and idle collection with the host; on stop ends reminders first, then every activation.</summary>
internal sealed class LocalEngineService(LocalEngine engine, ReminderService reminders) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        engine.Collector.Start();
        await reminders.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        reminders.Dispose();
        engine.Collector.Dispose();
        await engine.Directory.StopAsync(cancellationToken);
    }
}
