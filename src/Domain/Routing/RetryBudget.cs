namespace CocoonPool.Domain.Routing;

/// <summary>
/// Lets retries be a share of the requests, so that an outage is not made worse by everybody trying three times. Each request pays
/// in its share, each retry takes one; what can be saved up is bounded.
/// </summary>
/// <param name="Percents">What is saved, in hundredths of a retry.</param>
public readonly record struct RetryBudget(int Percents)
{
    private const int OneRetry = 100;
    private const int Most = 100 * OneRetry;

    /// <summary>What a quiet pool may always spend: a first failure is retried although no hundred requests came before it.</summary>
    public static readonly RetryBudget Initial = new(10 * OneRetry);

    /// <param name="percent">The share of requests that may be retried, 0 to 100.</param>
    public RetryBudget Request(int percent) => new(Math.Min(Percents + percent, Most));

    public bool TryRetry(out RetryBudget left)
    {
        // Decided before anything is assigned: the caller's variable may be this very value.
        var enough = Percents >= OneRetry;
        left = enough ? new(Percents - OneRetry) : this;
        return enough;
    }
}
