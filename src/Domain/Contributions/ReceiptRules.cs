using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Contributions;

/// <summary>The bounds of a receipt: what cannot be true of any task, or would let one receipt overflow a tally.</summary>
internal static class ReceiptRules
{
    /// <summary>More tokens than any model's context by far.</summary>
    private const long MaxTokens = 1_000_000_000;
    private const long MaxAdjustedTokens = 1_000_000_000_000_000;
    private const long MaxDurationMs = 31L * 24 * 3600 * 1000;
    private const int MaxModelLength = 200;

    public static string? Refusal(Receipt receipt)
    {
        if (!TaskId.TryParse(receipt.TaskId.Value, out _))
            return "receipt_task_invalid";
        if (!WorkerId.TryParse(receipt.Worker.Value, out _))
            return "receipt_worker_invalid";
        if (receipt.Model is not { Length: > 0 and <= MaxModelLength } || receipt.Model.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            return "receipt_model_invalid";
        if (!receipt.Tokens.IsValid || receipt.Tokens.Prompt > MaxTokens || receipt.Tokens.Completion > MaxTokens)
            return "receipt_tokens_invalid";
        if (receipt.AdjustedTokens is < 0 or > MaxAdjustedTokens)
            return "receipt_adjusted_tokens_invalid";
        if (receipt.LatencyMs is < 0 or > MaxDurationMs)
            return "receipt_latency_invalid";
        if (receipt.TimeToFirstTokenMs < 0 || receipt.TimeToFirstTokenMs > receipt.LatencyMs)
            return "receipt_time_to_first_token_invalid";
        if (!Enum.IsDefined(receipt.Outcome))
            return "receipt_outcome_invalid";
        if (receipt.StartedAt < DateTimeOffset.UnixEpoch || receipt.EndedAt < receipt.StartedAt)
            return "receipt_times_invalid";
        return null;
    }
}
