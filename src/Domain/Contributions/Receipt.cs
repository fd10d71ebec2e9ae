using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Contributions;

/// <summary>
/// What the agent of a worker states about one task it served. Agents in any language sign over <see cref="CanonicalBytes"/>:
/// canonical JSON (UTF-8, members in ordinal order, no white space, integers as decimal strings) with exactly the members
/// <c>adjusted_tokens, cached_tokens, completion_tokens, ended_unix_ms, format, latency_ms, model, outcome, participant,
/// prompt_tokens, reasoning_tokens, started_unix_ms, task, time_to_first_token_ms, worker</c>; format is
/// <c>cocoon-pool-receipt/1</c>, the participant is the raw address, and times are milliseconds of the Unix epoch.
/// </summary>
/// <param name="StartedAt">Whole milliseconds count; smaller parts are cut off when written.</param>
public sealed record Receipt(
    TaskId TaskId,
    WorkerId Worker,
    TonAddress Participant,
    string Model,
    TokenCounts Tokens,
    long AdjustedTokens,
    long LatencyMs,
    long TimeToFirstTokenMs,
    TaskOutcome Outcome,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt)
{
    /// <summary>The only form of this receipt that is hashed, signed and stored.</summary>
    public byte[] CanonicalBytes() => ReceiptFormat.Write(this);

    /// <summary>Reads canonical bytes and nothing else; on failure <paramref name="problem"/> is a stable code such as <c>receipt_not_canonical</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Receipt? receipt, out string problem) =>
        ReceiptFormat.TryRead(bytes, out receipt, out problem);

    /// <summary>What contradicts itself or exceeds a bound, as a stable code; null when the receipt may be accepted.</summary>
    public string? Refusal() => ReceiptRules.Refusal(this);
}
