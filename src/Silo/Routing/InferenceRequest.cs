using System.Text.Json;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>What the gateway has to know of a client's body; everything else travels to the back end as it came.</summary>
/// <param name="MaxTokens">What the client allows, if it says so.</param>
public sealed record InferenceRequest(string Route, string Model, bool Stream, long? MaxTokens, byte[] Body)
{
    /// <exception cref="ApiException">The body is no request of this route; the message says what is missing.</exception>
    public static InferenceRequest Parse(string route, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw ApiException.Invalid("The body is a JSON object with 'model' and, for chat, 'messages'.");
            if (!root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String || model.GetString() is not { Length: > 0 and <= 200 } name)
                throw new ApiException(400, "invalid_model", "'model' is missing; GET /v1/models lists what this pool serves.");
            var (field, kind) = route == "completions" ? ("prompt", "a text or a list") : ("messages", "a list that is not empty");
            if (!root.TryGetProperty(field, out var content) || !IsContent(route, content))
                throw ApiException.Invalid($"'{field}' is {kind}.");
            var stream = root.TryGetProperty("stream", out var s) && s.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False or JsonValueKind.Null => false,
                _ => throw ApiException.Invalid("'stream' is true or false."),
            };
            return new(route, name, stream, Limit(root, "max_completion_tokens") ?? Limit(root, "max_tokens"), body);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second comes from a name or text with half a surrogate pair, which is JSON's letter but no text.
            throw ApiException.Invalid("The body is no valid JSON.");
        }
    }

    private static bool IsContent(string route, JsonElement content) => route == "completions"
        ? content.ValueKind is JsonValueKind.String or JsonValueKind.Array
        : content.ValueKind == JsonValueKind.Array && content.GetArrayLength() > 0;

    private static long? Limit(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var limit) && limit > 0
            ? limit
            : throw ApiException.Invalid($"'{name}' is a whole number above 0.");
    }
}
