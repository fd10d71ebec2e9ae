namespace CocoonPool.Client.Agent.Registration;

internal sealed partial class Registrar
{
    [LoggerMessage(LogLevel.Information, "The pool knows this worker as {State}")]
    private partial void LogState(string state);

    [LoggerMessage(LogLevel.Warning, "The worker may not serve yet ({Problem}); trying again in {Seconds:F0} s")]
    private partial void LogNotYet(string problem, double seconds);
}
