namespace CocoonPool.Silo.Workers;

internal sealed partial class WorkerSession
{
    [LoggerMessage(LogLevel.Debug, "Worker {Worker} made a mistake on its stream: {Code}")]
    private partial void LogMistake(string worker, string code);
}
