namespace CocoonPool.Silo.Workers;

internal sealed partial class LinkHandshake
{
    [LoggerMessage(LogLevel.Information, "A worker stream was refused: {Code}")]
    private partial void LogRefused(string code);
}
