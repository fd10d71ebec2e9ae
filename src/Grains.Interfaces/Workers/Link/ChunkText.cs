using System.Text.Json;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>
/// What the pool can see in an answer without trusting anybody: how many pieces of text a chunk brings. One choice with a
/// non-empty <c>delta.content</c>, <c>delta.reasoning_content</c>, <c>delta.reasoning</c>, <c>delta.refusal</c>,
/// <c>delta.tool_calls</c> or <c>text</c> counts one. Servers send one token a chunk, or a few; so this is a lower bound.
/// </summary>
public static class ChunkText
{
    /// <summary>Zero as well for bytes that are not such a document.</summary>
    public static int Count(ReadOnlySpan<byte> chunk)
    {
        try
        {
            var reader = new Utf8JsonReader(chunk);
            return EnterMember(ref reader, "choices"u8, JsonTokenType.StartArray) ? CountChoices(ref reader) : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    /// <summary>
    /// The <c>usage.completion_tokens</c> of a whole answer: what the client is told, and so what it will be charged for.
    /// Zero when it is missing.
    /// </summary>
    public static int CompletionTokensOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!EnterMember(ref reader, "usage"u8, JsonTokenType.StartObject))
                return 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var wanted = reader.ValueTextEquals("completion_tokens"u8);
                reader.Read();
                if (wanted)
                    return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var tokens) && tokens > 0 ? tokens : 0;
                reader.Skip();
            }
            return 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static bool EnterMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, JsonTokenType kind)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return reader.TokenType == kind;
            reader.Skip();
        }
        return false;
    }

    private static int CountChoices(ref Utf8JsonReader reader)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var text = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var delta = reader.ValueTextEquals("delta"u8);
                var plain = reader.ValueTextEquals("text"u8);
                reader.Read();
                if (delta && reader.TokenType == JsonTokenType.StartObject)
                    text |= DeltaHasText(ref reader);
                else if (plain)
                    text |= HasText(ref reader);
                else
                    reader.Skip();
            }
            count += text ? 1 : 0;
        }
        return count;
    }

    private static bool DeltaHasText(ref Utf8JsonReader reader)
    {
        var text = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var counted = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8)
                || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("tool_calls"u8);
            reader.Read();
            if (counted)
                text |= HasText(ref reader);
            else
                reader.Skip();
        }
        return text;
    }

    /// <summary>A string or a list that is not empty; leaves the reader on its last token.</summary>
    private static bool HasText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.ValueSpan.Length > 0;
        var list = reader.TokenType == JsonTokenType.StartArray;
        var start = reader.TokenStartIndex;
        reader.Skip();
        // "[]" with white space inside is longer, but no server writes that.
        return list && reader.BytesConsumed - start > 2;
    }
}
