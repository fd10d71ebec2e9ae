namespace CocoonPool.Silo.Workers;

internal sealed partial class WorkerLinkEndpoint
{
    [LoggerMessage(LogLevel.Information, "Worker {Worker} opened stream {StreamId} ({Software})")]
    private partial void LogOpened(string worker, string streamId, string software);

    [LoggerMessage(LogLevel.Information, "Worker {Worker} stream {StreamId} ended: {Cause}")]
    private partial void LogClosed(string worker, string streamId, string cause);

    [LoggerMessage(LogLevel.Error, "A worker could not be checked")]
    private partial void LogHandshakeFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "Worker {Worker}: its grain could not open the stream")]
    private partial void LogOpenFailed(string worker, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Worker {Worker}: its grain could not be told that the stream ended")]
    private partial void LogCloseFailed(string worker, Exception exception);
}
