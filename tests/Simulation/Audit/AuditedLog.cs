using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;
using Microsoft.Extensions.Logging;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>Failures that nobody awaits, such as those of timers, are seen in the log only. One that no fault explains is a bug.</summary>
internal sealed class AuditedLog(Auditor auditor) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && !IsExplained(exception))
            auditor.Object($"{formatter(state, exception)} {exception.GetType().Name}: {exception.Message}");
    }

    public void Dispose()
    {
    }

    /// <summary>Whether a fault explains it: whoever gets it asks again.</summary>
    public static bool IsExplained(Exception failure) => failure is
        SimulatedFaultException or TimeoutException or OrleansException or EnumerationAbortedException or ChainGatewayException or OperationCanceledException
        || (failure.InnerException is { } inner && IsExplained(inner));
}
