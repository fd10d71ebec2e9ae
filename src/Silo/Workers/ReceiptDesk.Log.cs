namespace CocoonPool.Silo.Workers;

internal sealed partial class ReceiptDesk
{
    [LoggerMessage(LogLevel.Error, "Worker {Worker}: {Count} receipts could not be submitted and will be sent again")]
    private partial void LogNotSubmitted(string worker, int count, Exception exception);
}
