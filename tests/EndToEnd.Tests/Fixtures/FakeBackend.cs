using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>
/// A real HTTP server in the test's process that an agent takes for its inference server. The first part of the path says how it
/// behaves: <c>/good/v1</c> answers, <c>/garbage/v1</c> does not speak JSON, and so on.
/// </summary>
public sealed class FakeBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeBackend(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>The bodies that came, by behaviour; the newest last.</summary>
    public ConcurrentQueue<(string Behaviour, JsonNode Body)> Received { get; } = new();

    /// <summary>Ends for every request whose connection was closed before its answer was complete.</summary>
    public SemaphoreSlim Aborted { get; } = new(0);

    /// <summary>The gated behaviour sends its next chunk only after a release.</summary>
    public SemaphoreSlim Gate { get; } = new(0);

    public static async Task<FakeBackend> Start(string[] models)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var fake = new FakeBackend(app);
        app.MapGet("/{behaviour}/v1/models", () => Results.Json(new { @object = "list", data = models.Select(id => new { id }) }));
        app.MapPost("/{behaviour}/v1/chat/completions", fake.Answer);
        await app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        Aborted.Dispose();
        Gate.Dispose();
    }

    private async Task Answer(string behaviour, HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        Received.Enqueue((behaviour, body));
        try
        {
            await Behave(behaviour, body, context);
        }
        catch (OperationCanceledException)
        {
            Aborted.Release();
        }
    }

    private async Task Behave(string behaviour, JsonNode body, HttpContext context)
    {
        var stream = body["stream"]?.GetValue<bool>() ?? false;
        switch (behaviour)
        {
            case "error500":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("""{"error":{"message":"out of memory"}}""");
                break;
            case "busy":
                context.Response.StatusCode = 429;
                break;
            case "refuses":
                context.Response.StatusCode = 422;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"error":{"message":"temperature is at most 2","type":"invalid_request_error","param":"temperature","code":"out_of_range"}}""");
                break;
            case "garbage":
                await context.Response.WriteAsync("<html>It works!</html>");
                break;
            case "never-if-slow" when body["messages"]![0]!["content"]!.GetValue<string>() == "slow":
            case "never":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case "breaks":
                // Ends as a server that was killed behind a proxy: without a finish reason and without [DONE].
                await Events(context, ["One", " two", " three"]);
                break;
            case "endless":
                await Events(context, Enumerable.Range(0, 1_000_000).Select(i => $" {i}"), TimeSpan.FromMilliseconds(2));
                break;
            case "gated":
                await Gated(context);
                break;
            case "good" when body["tools"] is not null:
                await (stream ? StreamedTool(context) : WholeTool(context));
                break;
            case "good" when stream:
                await Events(context, ["Hel", "lo", "!"]);
                await Event(context, """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
                await Usage(context, body);
                await context.Response.WriteAsync("data: [DONE]\n\n");
                break;
            default:
                await context.Response.WriteAsJsonAsync(Whole(body, new { role = "assistant", content = "Hello!" }, "stop"));
                break;
        }
    }

    private static object Whole(JsonNode body, object message, string finish) => new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1,
        model = body["model"]!.GetValue<string>(),
        choices = new[] { new { index = 0, message, finish_reason = finish, logprobs = (object?)null } },
        usage = new { prompt_tokens = 10, completion_tokens = 3, total_tokens = 13 },
        an_unknown_field = new { kept = true },
    };

    private static Task WholeTool(HttpContext context) => context.Response.WriteAsJsonAsync(Whole(new JsonObject { ["model"] = "m" }, new
    {
        role = "assistant",
        content = (string?)null,
        tool_calls = new[] { new { id = "call_1", type = "function", function = new { name = "weather", arguments = """{"city":"Bern"}""" } } },
    }, "tool_calls"));

    private static async Task StreamedTool(HttpContext context)
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

    private async Task Gated(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 3; i++)
        {
            await Event(context, Chunk($"{i}"));
            await Gate.WaitAsync(context.RequestAborted);
        }
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    private static async Task Events(HttpContext context, IEnumerable<string> texts, TimeSpan pause = default)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var text in texts)
        {
            await Event(context, Chunk(text));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, context.RequestAborted);
        }
    }

    private static async Task Usage(HttpContext context, JsonNode body)
    {
        if (body["stream_options"]?["include_usage"]?.GetValue<bool>() == true)
            await Event(context, """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}}""");
    }

    private static string Chunk(string text) =>
        $$$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}},"finish_reason":null}]}""";

    private static async Task Event(HttpContext context, string json)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {json}\n\n"), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
