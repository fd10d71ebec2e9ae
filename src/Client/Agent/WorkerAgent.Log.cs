namespace CocoonPool.Client.Agent;

internal sealed partial class WorkerAgent
{
    [LoggerMessage(LogLevel.Information, "Connected to the pool, stream {StreamId}; the pool's clock differs by {SkewMs} ms")]
    private partial void LogConnected(string streamId, double skewMs);

    [LoggerMessage(LogLevel.Warning, "The stream to the pool ended: {Reason}")]
    private partial void LogDisconnected(string reason);

    [LoggerMessage(LogLevel.Warning, "The pool cannot be reached: {Reason}")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(LogLevel.Warning, "The pool refuses this worker ({Code}): {Reason}")]
    private partial void LogRefused(string code, string reason);

    [LoggerMessage(LogLevel.Error, "The worker cannot be registered: {Reason}")]
    private partial void LogRegistrationRefused(string reason);

    [LoggerMessage(LogLevel.Error, "Another process connected as this worker; this one ends so that the two do not throw each other out for ever")]
    private partial void LogReplaced();

    [LoggerMessage(LogLevel.Information, "Leaving: {Tasks} tasks are finished first")]
    private partial void LogDraining(int tasks);
}
