using System.Collections.Concurrent;
using System.Net;
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

    /// <summary>Every <c>traceparent</c> that came with a request.</summary>
    public ConcurrentQueue<string> Traces { get; } = new();

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
        foreach (var trace in context.Request.Headers["traceparent"])
            Traces.Enqueue(trace!);
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
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
                break;
            case "breaks":
                // Ends as a server that was killed behind a proxy: without a finish reason and without [DONE].
                await OpenAiAnswers.Events(context, ["One", " two", " three"]);
                break;
            case "endless":
                await OpenAiAnswers.Events(context, Enumerable.Range(0, 1_000_000).Select(i => $" {i}"), TimeSpan.FromMilliseconds(2));
                break;
            case "gated":
                await Gated(context);
                break;
            case "good" when body["tools"] is not null:
                await (stream ? OpenAiAnswers.StreamedTool(context) : OpenAiAnswers.WholeTool(context));
                break;
            case "good" when stream:
                await OpenAiAnswers.Stream(context, body);
                break;
            default:
                await context.Response.WriteAsJsonAsync(OpenAiAnswers.Whole(body, new { role = "assistant", content = "Hello!" }, "stop"));
                break;
        }
    }

    private async Task Gated(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 3; i++)
        {
            await OpenAiAnswers.Event(context, OpenAiAnswers.Chunk($"{i}"));
            await Gate.WaitAsync(context.RequestAborted);
        }
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }
}
