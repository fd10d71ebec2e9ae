using CocoonPool.Domain.Audit;
using CocoonPool.Silo.Admin;

namespace CocoonPool.Silo.Audit;

/// <summary>Writes what the host runs with into the audit log when it starts: a changed configuration shows as a line that differs from the one before.</summary>
public sealed class StartRecord(AuditWriter writer, IConfiguration configuration, IHostEnvironment environment, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => writer.Write(
        new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), "host", "", "start", environment.EnvironmentName, Environment.MachineName, true, $"start_{Guid.CreateVersion7():n}",
            After: AuditText.Json(ConfigurationEndpoints.Show(configuration))), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
