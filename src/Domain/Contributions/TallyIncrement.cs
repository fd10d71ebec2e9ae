using System.Numerics;

namespace CocoonPool.Domain.Contributions;

/// <summary>
/// What contributions add to their participant's tally of an epoch. It is additive: the increments of single contributions, of a batch
/// of them, or of all contributions of an epoch added up in the database give the same tally.
/// </summary>
/// <param name="AdjustedTokens">Of successful tasks.</param>
/// <param name="Tasks">Successful tasks.</param>
/// <param name="FailedTasks">Tasks that failed by the worker's fault.</param>
/// <param name="QualityTokens">Σ adjusted tokens × quality in ppm, of successful tasks.</param>
public readonly record struct TallyIncrement(
    BigInteger AdjustedTokens,
    BigInteger GpuMilliseconds,
    long Tasks,
    long FailedTasks,
    BigInteger QualityTokens,
    BigInteger PromptTokens,
    BigInteger CompletionTokens)
{
    public bool IsZero => this == default;

    /// <summary>What contributions of one outcome add. Neutral outcomes add only the plain token counts, and those are zero.</summary>
    /// <param name="qualityTokens">Σ adjusted tokens × quality in ppm.</param>
    public static TallyIncrement Of(
        TaskOutcome outcome, long count, BigInteger adjustedTokens, BigInteger qualityTokens, BigInteger promptTokens, BigInteger completionTokens) => outcome switch
    {
        TaskOutcome.Success => new(adjustedTokens, BigInteger.Zero, count, 0, qualityTokens, promptTokens, completionTokens),
        TaskOutcome.WorkerFault => new(BigInteger.Zero, BigInteger.Zero, 0, count, BigInteger.Zero, promptTokens, completionTokens),
        _ => new(BigInteger.Zero, BigInteger.Zero, 0, 0, BigInteger.Zero, promptTokens, completionTokens),
    };

    public static TallyIncrement OfUptime(BigInteger gpuMilliseconds) => default(TallyIncrement) with { GpuMilliseconds = gpuMilliseconds };

    public static TallyIncrement operator +(TallyIncrement left, TallyIncrement right) => new(
        left.AdjustedTokens + right.AdjustedTokens, left.GpuMilliseconds + right.GpuMilliseconds, left.Tasks + right.Tasks,
        left.FailedTasks + right.FailedTasks, left.QualityTokens + right.QualityTokens, left.PromptTokens + right.PromptTokens,
        left.CompletionTokens + right.CompletionTokens);

    public static TallyIncrement operator -(TallyIncrement left, TallyIncrement right) => new(
        left.AdjustedTokens - right.AdjustedTokens, left.GpuMilliseconds - right.GpuMilliseconds, left.Tasks - right.Tasks,
        left.FailedTasks - right.FailedTasks, left.QualityTokens - right.QualityTokens, left.PromptTokens - right.PromptTokens,
        left.CompletionTokens - right.CompletionTokens);
}
