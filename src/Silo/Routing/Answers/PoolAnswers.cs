using System.Buffers;
using System.Text;
using System.Text.Json;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>Reads what the pool's own routes show out of OpenAI documents, and writes it as their events.</summary>
internal static class PoolAnswers
{
    public sealed record Served(string Content, string? FinishReason, PoolInferenceEndpoints.Usage Usage);

    /// <summary>Null when it is no OpenAI document.</summary>
    public static Served? Read(byte[] document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            var choice = json.RootElement.GetProperty("choices")[0];
            return new(
                Text(choice.GetProperty("message"), "content") ?? "",
                Text(choice, "finish_reason"),
                UsageOf(json.RootElement) ?? new(0, 0, 0));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Passes the tokens on as they come. Null when the answer broke off; the client has been told.</summary>
    public static async Task<Served?> Stream(HttpContext context, OpenAnswer answer)
    {
        context.Response.BeginEvents();
        var writer = context.Response.BodyWriter;
        var content = new StringBuilder();
        string? finish = null;
        long seen = 0;
        while (await answer.MoveNext())
        {
            var item = answer.Current;
            if (item.Data.Length > 0 && item.End is null or { Status: 200 })
            {
                var (token, reason) = Piece(item.Data);
                finish = reason ?? finish;
                if (token is { Length: > 0 })
                {
                    content.Append(token);
                    Event(writer, "token", new { token, tokenId = seen });
                    seen += item.Tokens;
                }
            }
            if (item.End is { Status: not 200 } broken)
            {
                var error = AnswerErrors.Of(broken);
                Event(writer, "error", new { error = new { error.Code, message = "The worker was lost while it answered; what came so far is not complete." } });
                await context.Flush(writer);
                return null;
            }
            if (item.End is { } end)
            {
                var usage = end.Usage is { } said ? new PoolInferenceEndpoints.Usage(said.Prompt, said.Completion, said.Prompt + said.Completion) : new(0, seen, seen);
                Event(writer, "done", new { usage });
                await context.Flush(writer);
                return new(content.ToString(), finish, usage);
            }
            await context.Flush(writer);
        }
        return null;
    }

    /// <summary>A served answer once more, in one event.</summary>
    public static async Task Replay(HttpContext context, byte[] document)
    {
        context.Response.BeginEvents();
        using var json = JsonDocument.Parse(document);
        var writer = context.Response.BodyWriter;
        Event(writer, "token", new { token = Text(json.RootElement.GetProperty("response"), "content") ?? "", tokenId = 0 });
        Event(writer, "done", new { usage = json.RootElement.GetProperty("usage") });
        await context.Flush(writer);
    }

    /// <summary>The back end's own words for a refusal.</summary>
    public static string Reason(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return (json.RootElement.TryGetProperty("error", out var error) ? Text(error, "message") : Text(json.RootElement, "message")) ?? "The back end refused the request.";
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return "The back end refused the request.";
        }
    }

    private static (string? Token, string? Finish) Piece(byte[] chunk)
    {
        try
        {
            using var json = JsonDocument.Parse(chunk);
            if (!json.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
                return default;
            var choice = choices[0];
            return (choice.TryGetProperty("delta", out var delta) ? Text(delta, "content") : null, Text(choice, "finish_reason"));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static PoolInferenceEndpoints.Usage? UsageOf(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
            return null;
        var (prompt, completion) = (Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"));
        return new(prompt, completion, prompt + completion);
    }

    private static long Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Event(IBufferWriter<byte> writer, string name, object data)
    {
        writer.Write("event: "u8);
        Encoding.UTF8.GetBytes(name, writer);
        writer.Write("\ndata: "u8);
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(data, ApiJson.Options));
        writer.Write("\n\n"u8);
    }
}
