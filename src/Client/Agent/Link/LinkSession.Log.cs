namespace CocoonPool.Client.Agent.Link;

internal sealed partial class LinkSession
{
    [LoggerMessage(LogLevel.Warning, "Leaving although {Tasks} tasks run and {Receipts} receipts are not acknowledged; the receipts are kept and sent at the next start")]
    private partial void LogLeavingUnfinished(int tasks, int receipts);

    [LoggerMessage(LogLevel.Warning, "The pool sent something that is not a frame: {Problem}")]
    private partial void LogMalformed(string problem);

    [LoggerMessage(LogLevel.Information, "The pool drains this worker; {Tasks} tasks are still running")]
    private partial void LogDrainRequested(int tasks);

    [LoggerMessage(LogLevel.Warning, "The pool reports {Code}: {Problem}")]
    private partial void LogError(string code, string problem);
}
