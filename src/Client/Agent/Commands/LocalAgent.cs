using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Monitoring;

namespace CocoonPool.Client.Agent.Commands;

/// <summary>Talks to the monitoring port of the agent that runs with this configuration.</summary>
internal static class LocalAgent
{
    /// <summary>The answer's text, or null after saying why there is none.</summary>
    public static async Task<string?> Ask(AgentConfiguration configuration, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        if (configuration.Monitoring.MetricsPort == 0)
        {
            Console.Error.WriteLine("monitoring.metrics_port is 0, so the running agent cannot be asked; give it a port and start it again.");
            return null;
        }
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{configuration.Monitoring.MetricsPort}{path}");
        request.Headers.Add(MonitoringPort.LocalHeader, "1");
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"No agent answers on 127.0.0.1:{configuration.Monitoring.MetricsPort} ({exception.Message}); start it with `cocoon-worker run`.");
            return null;
        }
    }
}
