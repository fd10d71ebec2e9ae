namespace CocoonPool.Client.Agent.Receipts;

internal sealed partial class ReceiptStore
{
    [LoggerMessage(LogLevel.Warning, "Receipt file {Path} ended in {Bytes} bytes of an unfinished record, which were cut off")]
    private partial void LogTorn(string path, int bytes);
}
