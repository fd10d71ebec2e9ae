namespace CocoonPool.Domain.Webhooks;

/// <summary>When a delivery that failed is tried again: after 1 second, doubling to 60, then every hour until a day has passed.</summary>
public static class DeliverySchedule
{
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    private const int Doublings = 6;

    /// <param name="attempts">How many were made, the failed one included; at least 1.</param>
    /// <returns>Null when nobody is to be told any more.</returns>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset happenedAt, DateTimeOffset now)
    {
        var wait = attempts switch
        {
            <= Doublings => TimeSpan.FromSeconds(1 << (attempts - 1)),
            Doublings + 1 => TimeSpan.FromSeconds(60),
            _ => TimeSpan.FromHours(1),
        };
        return now + wait <= happenedAt + GiveUpAfter ? now + wait : null;
    }
}
