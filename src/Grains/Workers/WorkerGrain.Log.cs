using CocoonPool.Domain.Workers;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Workers;

public sealed partial class WorkerGrain
{
    [LoggerMessage(1201, LogLevel.Information, "Worker {WorkerId} registered by {Participant}")]
    private partial void LogRegistered(string workerId, string participant);

    [LoggerMessage(1202, LogLevel.Information, "Worker {WorkerId} went from {From} to {To}: {Cause}")]
    private partial void LogStateChanged(string workerId, WorkerState from, WorkerState to, string cause);

    [LoggerMessage(1203, LogLevel.Information, "Worker {WorkerId} opened stream {StreamId} with {Software}")]
    private partial void LogStreamOpened(string workerId, string streamId, string software);

    [LoggerMessage(1204, LogLevel.Information, "Worker {WorkerId} lost stream {StreamId}: {Cause}")]
    private partial void LogStreamClosed(string workerId, string streamId, string cause);

    [LoggerMessage(1205, LogLevel.Warning, "Worker {WorkerId} sent a receipt for task {TaskId} that was refused: {Code}")]
    private partial void LogReceiptRefused(string workerId, string taskId, string code);

    [LoggerMessage(1206, LogLevel.Warning, "Worker {WorkerId} signed what is not true: {Report}")]
    private partial void LogMisconduct(string workerId, string report);

    [LoggerMessage(1207, LogLevel.Warning, "Worker {WorkerId} sent {Count} receipts of tasks that end after now; its clock or this server's is wrong, and they are taken when they are due")]
    private partial void LogReceiptsAhead(string workerId, int count);
}
