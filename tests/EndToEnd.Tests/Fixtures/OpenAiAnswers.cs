using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>What an inference server answers, as OpenAI's API has it.</summary>
internal static class OpenAiAnswers
{
    /// <summary>"Hello!" in three pieces, whole and well.</summary>
    public static async Task Stream(HttpContext context, JsonNode body)
    {
        await Events(context, ["Hel", "lo", "!"]);
        await Event(context, """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await Usage(context, body);
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    public static object Whole(JsonNode body, object message, string finish) => new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1,
        model = body["model"]!.GetValue<string>(),
        choices = new[] { new { index = 0, message, finish_reason = finish, logprobs = (object?)null } },
        usage = new { prompt_tokens = 10, completion_tokens = 3, total_tokens = 13 },
        an_unknown_field = new { kept = true },
    };

    public static Task WholeTool(HttpContext context) => context.Response.WriteAsJsonAsync(Whole(new JsonObject { ["model"] = "m" }, new
    {
        role = "assistant",
        content = (string?)null,
        tool_calls = new[] { new { id = "call_1", type = "function", function = new { name = "weather", arguments = """{"city":"Bern"}""" } } },
    }, "tool_calls"));

    public static async Task StreamedTool(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var arguments in new[] { "", "{\"city\":", "\"Bern\"}" })
        {
            var call = arguments.Length == 0
                ? """{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}"""
                : $$$"""{"index":0,"function":{"arguments":{{{JsonSerializer.Serialize(arguments)}}} }}""";
            await Event(context, $$$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{{{call}}}]},"finish_reason":null}]}""");
        }
        await Event(context, """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <param name="tokenTime">What a model would need for one token: the latency that this back end has, and not a wait for anything.</param>
    public static async Task Events(HttpContext context, IEnumerable<string> texts, TimeSpan tokenTime = default)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var text in texts)
        {
            await Event(context, Chunk(text));
            if (tokenTime > TimeSpan.Zero)
                await Task.Delay(tokenTime, context.RequestAborted);
        }
    }

    public static async Task Usage(HttpContext context, JsonNode body)
    {
        if (body["stream_options"]?["include_usage"]?.GetValue<bool>() == true)
            await Event(context, """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}}""");
    }

    public static string Chunk(string text) =>
        $$$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}},"finish_reason":null}]}""";

    public static async Task Event(HttpContext context, string json)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {json}\n\n"), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
