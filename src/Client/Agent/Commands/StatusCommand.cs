using System.CommandLine;
using System.Text.Json;
using CocoonPool.Client.Agent.Registration;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>status</c>: what the running agent says of itself.</summary>
internal static class StatusCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "Print the JSON document." };

    public static Command Create()
    {
        var command = new Command("status", "Ask the running agent how it is.") { Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult result, CancellationToken cancellationToken)
    {
        if (CommandOptions.Load(result) is not { } configuration
            || await LocalAgent.Ask(configuration, HttpMethod.Get, "/status", cancellationToken) is not { } text)
            return 1;
        if (result.GetValue(Json))
        {
            Console.WriteLine(text);
            return 0;
        }
        var report = JsonSerializer.Deserialize(text, PoolJson.Default.AgentStatusReport)!;
        if (configuration.Worker.Id is { } own && !string.Equals(own.Value, report.WorkerId, StringComparison.Ordinal))
            Console.WriteLine($"Another worker answers on monitoring.metrics_port {configuration.Monitoring.MetricsPort}; give each worker of a machine its own.");
        Console.WriteLine($"worker      {report.WorkerId} at {report.Pool}");
        Console.WriteLine($"state       {report.State}{(report.Detail.Length > 0 ? $" ({report.Detail})" : "")}");
        Console.WriteLine($"running     {report.RunningTasks} tasks");
        Console.WriteLine($"ended       {string.Join(", ", report.Tasks.Where(entry => entry.Value > 0).Select(entry => $"{entry.Value} {entry.Key}"))}");
        Console.WriteLine($"receipts    {report.UnacknowledgedReceipts} not acknowledged yet");
        Console.WriteLine($"heartbeat   {(report.LastHeartbeatAcknowledgedAt is { } at ? $"acknowledged {at:O}" : "none acknowledged yet")}");
        return 0;
    }
}
