using System.Text.Json;
using System.Text.Json.Serialization;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>Text that is a JSON string on the wire and stays UTF-8 in memory: answers are passed on, not read.</summary>
[JsonConverter(typeof(Utf8TextConverter))]
public readonly record struct Utf8Text(byte[] Bytes);

public sealed class Utf8TextConverter : JsonConverter<Utf8Text>
{
    public override Utf8Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A string is expected here.");
        var unescaped = new byte[reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length];
        var length = reader.CopyString(unescaped);
        return new(length == unescaped.Length ? unescaped : unescaped[..length]);
    }

    public override void Write(Utf8JsonWriter writer, Utf8Text value, JsonSerializerOptions options) => writer.WriteStringValue(value.Bytes);
}
