using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

public sealed partial class RevenueGrain
{
    [LoggerMessage(1451, LogLevel.Information, "{Payments} payments to {Address} booked")]
    private partial void LogBooked(int payments, string address);

    [LoggerMessage(1452, LogLevel.Warning, "The chain gateway cannot be asked for payments: {Problem}; trying again")]
    private partial void LogUnreachable(string problem);

    [LoggerMessage(1453, LogLevel.Error, "The payment {Transaction} is of {At} by the chain and the pool's clock shows {Now}: one of them is wrong. It counts in the epoch that runs now")]
    private partial void LogAhead(string transaction, DateTimeOffset at, DateTimeOffset now);
}
