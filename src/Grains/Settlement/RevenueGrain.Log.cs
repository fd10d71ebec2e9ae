using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

public sealed partial class RevenueGrain
{
    [LoggerMessage(1451, LogLevel.Information, "{Payments} payments to {Address} booked")]
    private partial void LogBooked(int payments, string address);

    [LoggerMessage(1452, LogLevel.Warning, "The chain gateway cannot be asked for payments: {Problem}; trying again")]
    private partial void LogUnreachable(string problem);
}
