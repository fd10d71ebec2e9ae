using System.Text.Json;
using System.Text.Unicode;
using CocoonPool.Domain.Routing;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>What the gateway knows of a body.</summary>
/// <param name="MaxTokens">The most that a back end could take as the limit of one choice, if the client gives one.</param>
/// <param name="Choices">How many answers it wants (<c>n</c>, <c>best_of</c>, for each of several prompts).</param>
/// <param name="TextBytes">Bytes of the prompt's texts without data URLs; no tokenizer makes more tokens of them.</param>
/// <param name="Parts">Messages, each of which may cost tokens beside its text.</param>
/// <param name="Prefix">Names the beginning of the conversation.</param>
public readonly record struct BodyFacts(string Model, bool Stream, long? MaxTokens, int Choices, long TextBytes, int Parts, ulong Prefix, int Images = 0)
{
    /// <summary>A token of a real text has fewer bytes than this; so a prompt has at least its bytes ÷ 16 tokens.</summary>
    private const int MostBytesPerToken = 16;

    /// <summary>What a message's frame may add; a generous bound for the worst case.</summary>
    private const int TokensPerPart = 16;

    /// <summary>Less context than this can not be enough.</summary>
    public long LeastContextTokens => (MaxTokens ?? 0) + TextBytes / MostBytesPerToken;

    /// <summary>Images or sound in the prompt: what they cost in tokens, only the back end knows.</summary>
    public bool HasImages => Images > 0;

    /// <summary>More tokens than this the prompt can not have, images aside, which the worker's context bounds.</summary>
    public long MostPromptTokens => TextBytes + (long)Parts * TokensPerPart + TokensPerPart;
}

/// <summary>Reads the few members that matter in one pass, without building a document: most of a body is the conversation, which is only walked over.</summary>
internal static class BodyScan
{
    private const int MaxDepth = 64;

    private const int MostChoices = 1_000;

    /// <summary>The prefix is the first messages up to here, or less: what the conversation's later turns have in common.</summary>
    private const int PrefixMessages = 2;
    private const int PrefixBytes = 4096;

    /// <exception cref="ApiException">It is no request of this route.</exception>
    public static BodyFacts Read(string route, ReadOnlySpan<byte> body)
    {
        // A text frame that is not UTF-8 would cost the worker its stream, and with it every task on it.
        if (!Utf8.IsValid(body))
            throw ApiException.Invalid("The body is not UTF-8.");
        try
        {
            return Members(route, body);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second comes from a name or text with half a surrogate pair, which is JSON's letter but no text.
            throw ApiException.Invalid("The body is no valid JSON.");
        }
    }

    private static BodyFacts Members(string route, ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw ApiException.Invalid("The body is a JSON object with 'model' and, for chat, 'messages'.");
        var text = string.Equals(route, "completions", StringComparison.Ordinal);
        var facts = new BodyFacts("", false, null, 1, 0, 0, 0);
        var (hasContent, prompts) = (false, 1);
        Span<bool> seen = stackalloc bool[BodyMembers.Count];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            BodyMembers.MustBePlain(reader, seen);
            if (reader.ValueTextEquals("model"u8))
                facts = facts with { Model = Model(ref reader) };
            else if (reader.ValueTextEquals("stream"u8))
                facts = facts with { Stream = Flag(ref reader) };
            else if (BodyMembers.Limit(reader) is { } limit)
                facts = facts with { MaxTokens = Count(ref reader, limit) is { } most ? Math.Max(most, facts.MaxTokens ?? 0) : facts.MaxTokens };
            else if (reader.ValueTextEquals("n"u8))
                facts = facts with { Choices = Math.Max(facts.Choices, (int)(Count(ref reader, "n") ?? 1)) };
            else if (reader.ValueTextEquals("best_of"u8))
                facts = facts with { Choices = Math.Max(facts.Choices, (int)(Count(ref reader, "best_of") ?? 1)) };
            else if (reader.ValueTextEquals(text ? "prompt"u8 : "messages"u8))
                (facts, hasContent) = (Content(ref reader, body, facts, text, out prompts), true);
            else
                Add(ref reader, ref facts);
        }
        // Nothing may follow the object; reading on says so.
        reader.Read();
        if (facts.Model.Length == 0)
            throw new ApiException(400, "invalid_model", "'model' is missing; GET /v1/models lists what this pool serves.");
        if (!hasContent)
            throw ApiException.Invalid(ContentMistake(text));
        return (long)facts.Choices * prompts <= MostChoices
            ? facts with { Choices = facts.Choices * prompts }
            : throw ApiException.Invalid($"A request has at most {MostChoices} choices, over all of its prompts.");
    }

    private static string Model(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 200 } name
            ? name
            : throw new ApiException(400, "invalid_model", "'model' is a name; GET /v1/models lists what this pool serves.");
    }

    private static bool Flag(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            _ => throw ApiException.Invalid("'stream' is true or false."),
        };
    }

    private static long? Count(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count is > 0 and < 1_000_000_000
            ? count
            : throw ApiException.Invalid($"'{name}' is a whole number above 0.");
    }

    /// <param name="prompts">How many there are: each gets its own choices.</param>
    private static BodyFacts Content(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, BodyFacts facts, bool text, out int prompts)
    {
        prompts = 1;
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (text && reader.TokenType == JsonTokenType.String)
        {
            var length = reader.ValueSpan.Length;
            return facts with { TextBytes = facts.TextBytes + length, Prefix = PrefixHash.Of(reader.ValueSpan[..Math.Min(length, PrefixBytes)]) };
        }
        if (reader.TokenType != JsonTokenType.StartArray)
            throw ApiException.Invalid(ContentMistake(text));
        var (messages, end) = (0, start);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // A list of numbers is one prompt, given as tokens; of anything else, each is one.
            if (text && messages > 0 && reader.TokenType != JsonTokenType.Number)
                prompts++;
            AddValue(ref reader, ref facts);
            if (++messages <= PrefixMessages)
                end = (int)reader.BytesConsumed;
        }
        if (messages == 0 && !text)
            throw ApiException.Invalid(ContentMistake(text));
        return facts with { Parts = facts.Parts + messages, Prefix = PrefixHash.Of(body[start..Math.Min(end, start + PrefixBytes)]) };
    }

    private static string ContentMistake(bool text) => text ? "'prompt' is a text or a list." : "'messages' is a list that is not empty.";

    /// <summary>Walks over a member's value; texts in it may become part of the prompt, as those of tools do.</summary>
    private static void Add(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        reader.Read();
        AddValue(ref reader, ref facts);
    }

    private static void AddValue(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        var (bytes, images, depth) = (0L, 0, reader.CurrentDepth);
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when reader.ValueTextEquals("image_url"u8) || reader.ValueTextEquals("input_audio"u8):
                    images++;
                    break;
                case JsonTokenType.PropertyName:
                case JsonTokenType.String when !reader.ValueSpan.StartsWith("data:"u8):
                    bytes += reader.ValueSpan.Length;
                    break;
                case JsonTokenType.String:
                    images++;
                    break;
                case JsonTokenType.Number:
                    // A prompt may be given as tokens.
                    bytes++;
                    break;
            }
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
        facts = facts with { TextBytes = facts.TextBytes + bytes, Images = facts.Images + images };
    }
}
