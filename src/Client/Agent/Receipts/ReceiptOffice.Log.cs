namespace CocoonPool.Client.Agent.Receipts;

internal sealed partial class ReceiptOffice
{
    [LoggerMessage(LogLevel.Warning, "The pool refused the receipt of task {Task}: {Code} ({Message})")]
    private partial void LogRefused(string task, string code, string message);

    [LoggerMessage(LogLevel.Error, "No receipt was issued for task {Task}: it would be refused with {Code}")]
    private partial void LogNotIssued(string task, string code);

    [LoggerMessage(LogLevel.Critical, "{Count} receipts cannot be written to worker.state_dir; make room on the disk")]
    private partial void LogNotKept(int count, Exception exception);

    [LoggerMessage(LogLevel.Warning, "That {Count} receipts are settled could not be written to the disk")]
    private partial void LogNotSettled(int count, Exception exception);
}
