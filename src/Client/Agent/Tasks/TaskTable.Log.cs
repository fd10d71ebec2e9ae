namespace CocoonPool.Client.Agent.Tasks;

internal sealed partial class TaskTable
{
    [LoggerMessage(LogLevel.Warning, "Task {Task} on {Model} failed: {Code} ({Message})")]
    private partial void LogFailed(string task, string model, string code, string message);
}
