namespace CocoonPool.Domain.Contributions;

/// <summary>
/// How well a task was served, in parts per million: 1,000,000 within the model's latency target, falling linearly to
/// 500,000 at three times the target and staying there; 0 for a worker's fault.
/// </summary>
public static class Quality
{
    public const int BestPpm = 1_000_000;
    public const int LowestOfSuccessPpm = 500_000;

    /// <summary>The quality, rounded down; null for a neutral outcome, which counts for nobody.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The latency is negative or the target is not above 0.</exception>
    public static int? Ppm(TaskOutcome outcome, long latencyMs, long targetMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(latencyMs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetMs);
        if (outcome.IsNeutral())
            return null;
        if (outcome == TaskOutcome.WorkerFault)
            return 0;
        if (latencyMs <= targetMs)
            return BestPpm;
        var left = ((Int128)3 * targetMs) - latencyMs;
        return left <= 0 ? LowestOfSuccessPpm : LowestOfSuccessPpm + (int)(LowestOfSuccessPpm * left / ((Int128)2 * targetMs));
    }
}
