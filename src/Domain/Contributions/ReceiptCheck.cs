namespace CocoonPool.Domain.Contributions;

/// <summary>What the pool knows about a task because it assigned it, proven by the assignment ticket that comes back with the receipt.</summary>
/// <param name="PromptTokensLimit">No tokenizer makes more tokens than the prompt has bytes.</param>
/// <param name="CompletionTokensLimit">What the client allowed, or the model's context.</param>
public sealed record Assignment(string Model, DateTimeOffset AssignedAt, long PromptTokensLimit, long CompletionTokensLimit);

/// <summary>What the gateway itself saw of a task. Lost when the silo dies before the receipt comes.</summary>
/// <param name="IsOwn">False when only the sum over several tasks is still known, and this is what is left of it.</param>
/// <param name="EndedAt">When the gateway saw it end, by the pool's clock; null where only the sum is known.</param>
public sealed record Observation(TaskOutcome Outcome, long CompletionTokens, bool IsOwn = true, DateTimeOffset? EndedAt = null);

/// <summary>Whether a receipt counts, and for how much.</summary>
/// <param name="Refusal">Null when the receipt is accepted, else a code.</param>
/// <param name="Credited">Never more than claimed, seen or allowed; all zero unless the task succeeded.</param>
/// <param name="Flagged">The claim was cut, its times are not the pool's, or nobody but the worker saw the task.</param>
/// <param name="Moment">When the task ran: decides in which epoch it counts.</param>
/// <param name="IsFinal">False for a refusal that time may heal: the worker keeps the receipt and sends it again.</param>
public sealed record ReceiptVerdict(
    string? Refusal, string Message, TaskOutcome Outcome, TokenCounts Credited, long AdjustedTokens, int? QualityPpm, bool Flagged, ReceiptMoment Moment = default, bool IsFinal = true)
{
    public static ReceiptVerdict Refused(string code, string message) => new(code, message, TaskOutcome.WorkerFault, default, 0, null, false);
}

/// <summary>The check of one receipt against the assignment and against what the gateway saw. Signatures are checked before.</summary>
public static class ReceiptCheck
{
    /// <summary>The most tokens that a back end packs into one piece of a stream, where the gateway counts one.</summary>
    private const int MostTokensInAPiece = 8;

    /// <summary>What a short answer may differ by, whatever it was.</summary>
    private const int FreeTokens = 64;

    /// <summary>
    /// Whether a claim of success is beyond every difference of counting, and so untrue. Below that it is cut and flagged, and nobody is
    /// accused: back ends that guess tokens ahead send several in one piece.
    /// </summary>
    public static bool IsOverstated(Receipt receipt, Observation? observation) =>
        receipt.Outcome == TaskOutcome.Success && observation is { IsOwn: true, Outcome: TaskOutcome.Success, CompletionTokens: var seen }
        && receipt.Tokens.Completion > checked(MostTokensInAPiece * seen + FreeTokens);

    /// <param name="coefficient">The worker's price, per mille.</param>
    /// <param name="targetLatencyMs">The model's latency target in milliseconds.</param>
    public static ReceiptVerdict Check(
        Receipt receipt, Assignment assignment, Observation? observation, TokenMultipliers multipliers, int coefficient, long targetLatencyMs, DateTimeOffset now)
    {
        if (!string.Equals(receipt.Model, assignment.Model, StringComparison.Ordinal))
            return ReceiptVerdict.Refused("model_mismatch", $"The task was assigned for the model '{assignment.Model}'.");
        if (!receipt.Tokens.IsValid || receipt.LatencyMs < 0 || receipt.TimeToFirstTokenMs < 0)
            return ReceiptVerdict.Refused("counts_invalid", "Counts and latencies are not negative, cached tokens are part of the prompt, reasoning tokens part of the completion.");
        var moment = ReceiptMoment.Of(receipt, assignment, observation, now);
        if (moment.Timing == ReceiptTiming.Impossible)
            return ReceiptVerdict.Refused("times_invalid", "The task must start after it was assigned, end after it started, and have ended; set the worker's clock.");
        if (moment.Timing == ReceiptTiming.NotYet)
            return ReceiptVerdict.Refused("times_ahead", "The task ends after now, so a clock is wrong; send the receipt again later.") with { IsFinal = false };
        if (receipt.AdjustedTokens != AdjustedTokens.Of(receipt.Tokens, multipliers, coefficient))
            return ReceiptVerdict.Refused("adjusted_tokens_wrong", "The adjusted tokens do not follow from the token counts, the pool's multipliers and the worker's coefficient.");

        var outcome = Worse(receipt.Outcome, observation?.Outcome);
        var credited = outcome == TaskOutcome.Success ? Limit(receipt.Tokens, assignment, observation) : default;
        var cut = outcome != receipt.Outcome || (outcome == TaskOutcome.Success && credited != receipt.Tokens);
        return new(null, "accepted", outcome, credited, AdjustedTokens.Of(credited, multipliers, coefficient),
            Quality.Ppm(outcome, receipt.LatencyMs, targetLatencyMs), cut || moment.Timing == ReceiptTiming.AsSeen || observation is not { IsOwn: true }, moment);
    }

    /// <summary>A success counts only when both sides saw one; otherwise the gateway's word goes before the worker's.</summary>
    private static TaskOutcome Worse(TaskOutcome claimed, TaskOutcome? seen) => seen is null or TaskOutcome.Success ? claimed : seen.Value;

    private static TokenCounts Limit(TokenCounts claimed, Assignment assignment, Observation? observation)
    {
        var prompt = Math.Min(claimed.Prompt, assignment.PromptTokensLimit);
        var completion = Math.Min(claimed.Completion, Math.Min(assignment.CompletionTokensLimit, observation?.CompletionTokens ?? long.MaxValue));
        return new(prompt, Math.Min(claimed.Cached, prompt), completion, Math.Min(claimed.Reasoning, completion));
    }
}
