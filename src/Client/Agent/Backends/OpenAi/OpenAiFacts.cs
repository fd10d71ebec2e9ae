using System.Text.Json;
using System.Text.Unicode;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Client.Agent.Backends.OpenAi;

/// <summary>What the agent has to know of a chunk or an answer.</summary>
/// <param name="Usage">Null when the document has none.</param>
/// <param name="OnlyUsage">The usage chunk at the end of a stream: usage and no choice.</param>
/// <param name="Finished">A choice has a finish reason.</param>
/// <param name="Error">The message of an error document, which some servers send inside a stream.</param>
internal sealed record OpenAiFacts(TokenCounts? Usage, bool OnlyUsage, bool Finished, string? Error)
{
    /// <summary>Null for anything that is not a JSON object in valid UTF-8.</summary>
    public static OpenAiFacts? TryRead(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
            return null;
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            var choices = root.TryGetProperty("choices", out var list) && list.ValueKind == JsonValueKind.Array ? list : default;
            var usage = root.TryGetProperty("usage", out var used) && used.ValueKind == JsonValueKind.Object ? ReadUsage(used) : (TokenCounts?)null;
            var empty = choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0;
            return new(usage, usage is not null && empty, !empty && choices.EnumerateArray().Any(HasFinished), ErrorOf(root));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasFinished(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String;

    /// <summary>Held to what a receipt allows: cached within prompt, reasoning within completion.</summary>
    private static TokenCounts ReadUsage(JsonElement usage)
    {
        var prompt = Count(usage, "prompt_tokens");
        var completion = Count(usage, "completion_tokens");
        var cached = usage.TryGetProperty("prompt_tokens_details", out var ofPrompt) ? Count(ofPrompt, "cached_tokens") : 0;
        var reasoning = usage.TryGetProperty("completion_tokens_details", out var ofCompletion) ? Count(ofCompletion, "reasoning_tokens") : 0;
        return new TokenCounts(prompt, Math.Min(cached, prompt), completion, Math.Min(reasoning, completion));
    }

    private static long Count(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count is > 0 and < 1_000_000_000 ? count : 0;

    private static string? ErrorOf(JsonElement root)
    {
        if (!root.TryGetProperty("error", out var error) || error.ValueKind == JsonValueKind.Null)
            return null;
        return error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
            ? message.GetString()
            : "the back end reported an error";
    }
}
