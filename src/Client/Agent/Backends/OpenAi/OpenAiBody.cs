using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CocoonPool.Client.Agent.Backends.OpenAi;

/// <summary>The few changes that the agent makes to documents it otherwise passes on as they are.</summary>
internal static class OpenAiBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The request for the back end: its own model name, and for a stream the wish for a usage chunk, because the tokens are
    /// metered by it. <c>ClientWantsUsage</c> says whether the client had asked for that chunk as well.
    /// </summary>
    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    public static (byte[] Body, bool ClientWantsUsage) ForBackend(byte[] body, string? backendModel, bool stream)
    {
        // The pool passes on nothing but one JSON value, so that its first byte tells whether it is an object.
        if (!stream && backendModel is null && body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
            return (body, false);
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("The body is not an object.");
        var wantsUsage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
            && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True;
        if (backendModel is null && (!stream || wantsUsage))
            return (body, wantsUsage);
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            var replaced = backendModel is not null && member.NameEquals("model"u8) || stream && member.NameEquals("stream_options"u8);
            if (!replaced)
                member.WriteTo(writer);
        }
        if (backendModel is not null)
            writer.WriteString("model"u8, backendModel);
        if (stream)
            WriteStreamOptions(writer, options);
        writer.WriteEndObject();
        writer.Flush();
        return (output.WrittenSpan.ToArray(), wantsUsage);
    }

    /// <summary>The document with another value for its top-level <c>model</c>; unchanged when it has none.</summary>
    public static byte[] WithModel(byte[] document, string model)
    {
        var reader = new Utf8JsonReader(document);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("model"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String)
            {
                var value = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
                return [.. document.AsSpan(0, (int)reader.TokenStartIndex), .. value, .. document.AsSpan((int)reader.BytesConsumed)];
            }
            reader.Skip();
        }
        return document;
    }

    private static void WriteStreamOptions(Utf8JsonWriter writer, JsonElement options)
    {
        writer.WriteStartObject("stream_options"u8);
        if (options.ValueKind == JsonValueKind.Object)
        {
            foreach (var option in options.EnumerateObject().Where(option => !option.NameEquals("include_usage"u8)))
                option.WriteTo(writer);
        }
        writer.WriteBoolean("include_usage"u8, true);
        writer.WriteEndObject();
    }
}
