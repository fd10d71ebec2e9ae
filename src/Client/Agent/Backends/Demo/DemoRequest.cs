using System.Text;
using System.Text.Json;

namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>What the demonstration model understands of an OpenAI request.</summary>
/// <param name="Prompt">All texts of the conversation, one a line.</param>
/// <param name="WantsUsage">The client asked for a usage chunk at the end of the stream.</param>
internal sealed record DemoRequest(string Model, string Prompt, int MaxTokens, bool WantsUsage)
{
    private const int DefaultTokens = 48;
    private const int MostTokens = 4096;

    /// <summary>Null with a problem in words when the request cannot be served; that is then the client's mistake.</summary>
    public static DemoRequest? TryRead(BackendRequest request, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                problem = "The request must be a JSON object.";
                return null;
            }
            var prompt = new StringBuilder();
            var chat = request.Route is "chat/completions";
            if (!root.TryGetProperty(chat ? "messages" : "prompt", out var texts) || !(chat ? AppendMessages(prompt, texts) : AppendText(prompt, texts)))
                problem = chat ? "'messages' must be a list of messages with 'content'." : "'prompt' must be a text or a list of texts.";
            if (root.TryGetProperty("n", out var choices) && choices.ValueKind == JsonValueKind.Number && choices.GetDouble() is not 1)
                problem = "The demonstration model gives one choice; leave 'n' out.";
            var tokens = MaxTokensOf(root, ref problem);
            var wantsUsage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
                && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True;
            var model = root.TryGetProperty("model", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "demo";
            return problem.Length == 0 ? new DemoRequest(model, prompt.ToString(), tokens, wantsUsage) : null;
        }
        catch (JsonException)
        {
            problem = "The request is not JSON.";
            return null;
        }
    }

    private static int MaxTokensOf(JsonElement root, ref string problem)
    {
        foreach (var key in (ReadOnlySpan<string>)["max_completion_tokens", "max_tokens"])
        {
            if (!root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
                continue;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var tokens) && tokens >= 1)
                return Math.Min(tokens, MostTokens);
            problem = $"'{key}' must be a whole number of at least 1.";
        }
        return DefaultTokens;
    }

    private static bool AppendMessages(StringBuilder prompt, JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return false;
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content) || !AppendText(prompt, content))
                return false;
        }
        return true;
    }

    /// <summary>A text, null, a list of texts, or a list of parts with a text.</summary>
    private static bool AppendText(StringBuilder prompt, JsonElement content)
    {
        if (prompt.Length > 0 && content.ValueKind is JsonValueKind.String)
            prompt.Append('\n');
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                prompt.Append(content.GetString());
                return true;
            case JsonValueKind.Null:
                return true;
            case JsonValueKind.Array:
                return content.EnumerateArray().All(part => AppendText(prompt, part));
            case JsonValueKind.Object:
                return !content.TryGetProperty("text", out var text) || AppendText(prompt, text);
            default:
                return false;
        }
    }
}
