using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Bench.Gateway;

/// <summary>
/// An OpenAI back end that takes no time to think: a whole answer at once, a stream with its first token at once and twenty more at
/// 20 ms. What a client sees beyond that is the way between.
/// </summary>
internal sealed class BackendServer : IAsyncDisposable
{
    public const string Model = "bench";

    private static readonly byte[] Answer = """{"id":"c","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"Silk comes from cocoons."},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":6,"total_tokens":18}}"""u8.ToArray();
    private static readonly byte[] Chunk = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" silk\"},\"finish_reason\":null}]}\n\n"u8.ToArray();
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private readonly WebApplication _app;

    private BackendServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<BackendServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/v1/models", () => TypedResults.Json(new { @object = "list", data = new[] { new { id = Model } } }));
        app.MapPost("/v1/chat/completions", Serve);
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task Serve(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf("\"stream\":true"u8) < 0)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            await context.Response.Body.WriteAsync(Answer);
            return;
        }
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 21; i++)
        {
            await context.Response.Body.WriteAsync(Chunk);
            await context.Response.Body.FlushAsync();
            await Task.Delay(20, context.RequestAborted);
        }
        await context.Response.Body.WriteAsync(Done);
    }
}
