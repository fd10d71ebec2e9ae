using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>Writes OpenAI documents: chunks of a stream, and whole answers.</summary>
/// <param name="created">Seconds since 1970.</param>
internal sealed class DemoAnswer(string taskId, string model, bool chat, long created)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Chunk(string? text, bool first, string? finish) => Document(chat ? "chat.completion.chunk" : "text_completion", writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        if (chat)
        {
            writer.WriteStartObject("delta");
            if (first)
                writer.WriteString("role", "assistant");
            if (text is not null)
                writer.WriteString("content", text);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("text", text ?? "");
        }
        writer.WriteString("finish_reason", finish);
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    public byte[] UsageChunk(int prompt, int completion) => Document(chat ? "chat.completion.chunk" : "text_completion", writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        Usage(writer, prompt, completion);
    });

    public byte[] Whole(string text, string finish, int prompt, int completion) => Document(chat ? "chat.completion" : "text_completion", writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        if (chat)
        {
            writer.WriteStartObject("message");
            writer.WriteString("role", "assistant");
            writer.WriteString("content", text);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("text", text);
        }
        writer.WriteString("finish_reason", finish);
        writer.WriteEndObject();
        writer.WriteEndArray();
        Usage(writer, prompt, completion);
    });

    public static byte[] Error(string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("type", "invalid_request_error");
        writer.WriteNull("param");
        writer.WriteString("code", "invalid_request");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private byte[] Document(string kind, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("id", (chat ? "chatcmpl-" : "cmpl-") + taskId);
        writer.WriteString("object", kind);
        writer.WriteNumber("created", created);
        writer.WriteString("model", model);
        writer.WriteString("system_fingerprint", "demo-ngram");
        rest(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Usage(Utf8JsonWriter writer, int prompt, int completion)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", prompt);
        writer.WriteNumber("completion_tokens", completion);
        writer.WriteNumber("total_tokens", prompt + completion);
        writer.WriteEndObject();
    }
}
