namespace CocoonPool.Silo.Workers;

internal sealed partial class ReportDesk
{
    [LoggerMessage(LogLevel.Warning, "Worker {Worker}: a heartbeat or drain could not be handed to its grain")]
    private partial void LogReportFailed(string worker, Exception exception);
}
