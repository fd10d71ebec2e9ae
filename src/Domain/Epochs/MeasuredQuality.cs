namespace CocoonPool.Domain.Epochs;

/// <summary>How good a participant's work was in an epoch, failures among it.</summary>
public static class MeasuredQuality
{
    public const int Perfect = 1_000_000;

    /// <summary>
    /// The mean quality of successful tasks, weighted by their tokens, times the part of tasks that succeeded; in ppm, rounded down.
    /// Failed tasks have no tokens to be weighted by, so they count by their number.
    /// </summary>
    /// <returns>Null when there was no task to judge by.</returns>
    public static int? Ppm(ParticipantTally tally)
    {
        var tasks = tally.Tasks + tally.FailedTasks;
        if (tasks.IsZero || (tally.AdjustedTokens.IsZero && tally.FailedTasks == 0))
            return null;
        return tally.AdjustedTokens.IsZero ? 0 : (int)(tally.QualityTokens * tally.Tasks / (tally.AdjustedTokens * tasks));
    }
}
