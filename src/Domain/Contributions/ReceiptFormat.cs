using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Contributions;

/// <summary>Receipts as canonical JSON, both ways.</summary>
internal static class ReceiptFormat
{
    private const string Version = "cocoon-pool-receipt/1";

    /// <summary>A receipt of the longest allowed names stays well under this.</summary>
    private const int MaxLength = 4096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 1, AllowDuplicateProperties = false };

    public static byte[] Write(Receipt receipt) => new CanonicalJsonWriter()
        .StartObject()
        .Name("adjusted_tokens").Number(receipt.AdjustedTokens)
        .Name("cached_tokens").Number(receipt.Tokens.Cached)
        .Name("completion_tokens").Number(receipt.Tokens.Completion)
        .Name("ended_unix_ms").Number(receipt.EndedAt.ToUnixTimeMilliseconds())
        .Name("format").Text(Version)
        .Name("latency_ms").Number(receipt.LatencyMs)
        .Name("model").Text(receipt.Model)
        .Name("outcome").Text(receipt.Outcome.ToWord())
        .Name("participant").Text(receipt.Participant.ToString())
        .Name("prompt_tokens").Number(receipt.Tokens.Prompt)
        .Name("reasoning_tokens").Number(receipt.Tokens.Reasoning)
        .Name("started_unix_ms").Number(receipt.StartedAt.ToUnixTimeMilliseconds())
        .Name("task").Text(receipt.TaskId.Value)
        .Name("time_to_first_token_ms").Number(receipt.TimeToFirstTokenMs)
        .Name("worker").Text(receipt.Worker.Value)
        .EndObject()
        .ToArray();

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Receipt? receipt, out string problem)
    {
        receipt = null;
        problem = "";
        if (bytes.Length > MaxLength)
            problem = "receipt_too_long";
        else if (Read(bytes, ref problem) is not { } read)
            problem = problem.Length > 0 ? problem : "receipt_malformed";
        else if (read.Refusal() is { } refusal)
            problem = refusal;
        else if (!bytes.SequenceEqual(Write(read)))
            problem = "receipt_not_canonical";
        else
            receipt = read;
        return receipt is not null;
    }

    private static Receipt? Read(ReadOnlySpan<byte> bytes, ref string problem)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes.ToArray(), Strict);
            var fields = new Fields(document.RootElement);
            if (!string.Equals(fields.Text("format"), Version, StringComparison.Ordinal))
            {
                problem = "receipt_format_unknown";
                return null;
            }

            if (!TaskOutcomeWords.TryParse(fields.Text("outcome"), out var outcome))
            {
                problem = "receipt_outcome_invalid";
                return null;
            }

            return new Receipt(
                new TaskId(fields.Text("task")),
                new WorkerId(fields.Text("worker")),
                TonAddress.Parse(fields.Text("participant")),
                fields.Text("model"),
                new TokenCounts(
                    fields.Integer("prompt_tokens"),
                    fields.Integer("cached_tokens"),
                    fields.Integer("completion_tokens"),
                    fields.Integer("reasoning_tokens")),
                fields.Integer("adjusted_tokens"),
                fields.Integer("latency_ms"),
                fields.Integer("time_to_first_token_ms"),
                outcome,
                fields.Time("started_unix_ms"),
                fields.Time("ended_unix_ms"));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // These three are what the base library throws for text that is not JSON, not an address, or not UTF-8.
            return null;
        }
    }

    private readonly struct Fields(JsonElement root)
    {
        public string Text(string name) =>
            root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new FormatException($"The member '{name}' is missing or no string.");

        public long Integer(string name) =>
            long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new FormatException($"The member '{name}' is no 64-bit integer.");

        public DateTimeOffset Time(string name)
        {
            var milliseconds = Integer(name);
            return milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw new FormatException($"The member '{name}' is no time.");
        }
    }
}
