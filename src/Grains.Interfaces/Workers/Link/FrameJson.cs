using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>Frames as JSON: snake case, absent instead of null, required members required, unknown members ignored.</summary>
public static class FrameJson
{
    private static readonly FrameJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        // Nothing of a frame is ever put into HTML, and every chunk is full of quotation marks.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <exception cref="JsonException">The bytes are not one frame.</exception>
    public static AgentFrame ReadAgentFrame(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Context.AgentFrame) ?? throw new JsonException("A frame is an object.");

    /// <exception cref="JsonException">The bytes are not one frame.</exception>
    public static ServerFrame ReadServerFrame(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Context.ServerFrame) ?? throw new JsonException("A frame is an object.");

    public static void Write(IBufferWriter<byte> output, AgentFrame frame)
    {
        using var writer = NewWriter(output);
        Write(writer, frame);
    }

    /// <exception cref="JsonException">The body of an assignment is not one JSON value.</exception>
    public static void Write(IBufferWriter<byte> output, ServerFrame frame)
    {
        using var writer = NewWriter(output);
        Write(writer, frame);
    }

    /// <param name="writer">Of <see cref="NewWriter"/>; it is flushed.</param>
    public static void Write(Utf8JsonWriter writer, AgentFrame frame) => JsonSerializer.Serialize(writer, frame, Context.AgentFrame);

    /// <param name="writer">Of <see cref="NewWriter"/>; it is flushed.</param>
    /// <exception cref="JsonException">The body of an assignment is not one JSON value.</exception>
    public static void Write(Utf8JsonWriter writer, ServerFrame frame) => JsonSerializer.Serialize(writer, frame, Context.ServerFrame);

    public static Utf8JsonWriter NewWriter(IBufferWriter<byte> output) =>
        new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

[JsonSerializable(typeof(AgentFrame))]
[JsonSerializable(typeof(ServerFrame))]
internal sealed partial class FrameJsonContext : JsonSerializerContext;
