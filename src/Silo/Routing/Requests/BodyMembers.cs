using System.Text;
using System.Text.Json;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>
/// The members of a body that the gateway reads, and what it is paid by. A back end must not read them otherwise: of two members of one
/// name some parsers take the first and some the last, and some do not mind the case. A client that knows which could name a cheap
/// model here and a dear one there.
/// </summary>
internal static class BodyMembers
{
    private static readonly byte[][] Known =
    [
        [.. "model"u8], [.. "stream"u8], [.. "messages"u8], [.. "prompt"u8], [.. "n"u8], [.. "best_of"u8],
        [.. "max_tokens"u8], [.. "max_completion_tokens"u8], [.. "max_new_tokens"u8], [.. "n_predict"u8],
    ];

    public static int Count => Known.Length;

    /// <param name="seen">Which were there before; one for each.</param>
    /// <exception cref="ApiException">The member at the reader is there for the second time, or is not written as OpenAI's API writes it.</exception>
    public static void MustBePlain(in Utf8JsonReader reader, Span<bool> seen)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
            throw ApiException.Invalid("The names of the body's members are written without escapes.");
        for (var i = 0; i < Known.Length; i++)
        {
            if (Known[i].Length != name.Length || !Ascii.EqualsIgnoreCase(Known[i], name))
                continue;
            if (seen[i] || !name.SequenceEqual(Known[i]))
                throw ApiException.Invalid($"'{Encoding.ASCII.GetString(Known[i])}' is given once, and written like this.");
            seen[i] = true;
        }
    }

    /// <summary>OpenAI's names for the limit, and those that common servers take beside them: which of several counts, only the server knows.</summary>
    public static string? Limit(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("max_tokens"u8) ? "max_tokens"
        : reader.ValueTextEquals("max_completion_tokens"u8) ? "max_completion_tokens"
        : reader.ValueTextEquals("max_new_tokens"u8) ? "max_new_tokens"
        : reader.ValueTextEquals("n_predict"u8) ? "n_predict"
        : null;
}
