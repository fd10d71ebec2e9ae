using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Audit;

/// <summary>Makes values fit for the audit log: no secrets, no control characters, no more than a line can hold.</summary>
public static class AuditText
{
    private const int LongestJson = 8_192;
    private const int LongestText = 256;

    /// <summary>Members whose names contain one of these never reach the log, whoever adds them to an answer.</summary>
    private static readonly string[] Secret =
        ["password", "secret", "token", "totp", "recovery", "private", "mnemonic", "seed", "prompt", "message", "content", "completion", "signature", "boc"];

    /// <summary>Names that only look like secrets.</summary>
    private static readonly string[] Harmless = ["tokens", "token_multipliers", "adjusted_tokens", "prompt_tokens", "completion_tokens", "message_hash", "token_type"];

    public static string? Json(object? value)
    {
        if (value is null)
            return null;
        var node = JsonSerializer.SerializeToNode(value, ApiJson.Options);
        Redact(node);
        var text = node?.ToJsonString(ApiJson.Options) ?? "null";
        return text.Length <= LongestJson ? Whole(text) : $$"""{"shortened":true,"characters":{{text.Length}}}""";
    }

    /// <summary>One line of text: what came from outside cannot begin another one, nor speak to a terminal.</summary>
    public static string Line(string text) =>
        Whole(string.Concat(text.Take(LongestText).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '\ufffd' : c)));

    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void Redact(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(m => m.Key).ToList())
                {
                    if (IsSecret(name))
                        members[name] = "[redacted]";
                    else
                        Redact(members[name]);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                    Redact(item);
                break;
        }
    }

    private static bool IsSecret(string name) =>
        name is "key" or "api_key"
        || (Array.Exists(Secret, s => name.Contains(s, StringComparison.OrdinalIgnoreCase)) && !Harmless.Contains(name, StringComparer.OrdinalIgnoreCase));
}
