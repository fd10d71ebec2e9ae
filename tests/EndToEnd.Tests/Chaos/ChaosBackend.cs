using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CocoonPool.EndToEnd.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>An inference server with moods, drawn from a seed and the number of the request. The path says which: <c>/moody/v1</c>, <c>/good/v1</c>, <c>/flood/v1</c>.</summary>
public sealed class ChaosBackend : IAsyncDisposable
{
    private static readonly string[] Models = ["stormy", "flood", "skewed", "fragile", "calm"];
    private static readonly byte[] Piece = Encoding.UTF8.GetBytes($"data: {OpenAiAnswers.Chunk(new string('x', 16 * 1024))}\n\n");

    private readonly WebApplication _app;
    private readonly int _seed;
    private int _requests;
    private int _floods;
    private int _fragile;
    private long _flooded;

    private ChaosBackend(WebApplication app, int seed) => (_app, _seed) = (app, seed);

    public string Url => _app.Urls.Single();

    /// <summary>The moods are over, and what was broken works.</summary>
    public bool IsWell { get; set; }

    /// <summary>Bytes of the floods that could be written.</summary>
    public long Flooded => Volatile.Read(ref _flooded);

    /// <summary>Floods that nobody has cut off yet.</summary>
    public int Floods => Volatile.Read(ref _floods);

    /// <summary>Requests to the fragile model.</summary>
    public int FragileRequests => Volatile.Read(ref _fragile);

    public static async Task<ChaosBackend> Start(int seed)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            // A model waits for whoever reads slowly: what cuts a flood off must be the pool.
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var backend = new ChaosBackend(app, seed);
        app.MapGet("/{mood}/v1/models", () => Results.Json(new { @object = "list", data = Models.Select(id => new { id }) }));
        app.MapPost("/{mood}/v1/chat/completions", backend.Answer);
        await app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task Answer(string mood, HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        try
        {
            await (mood switch
            {
                "moody" when !IsWell => Moody(context, body),
                "fragile" => Fragile(context, body),
                "flood" => Flood(context),
                _ => Well(context, body),
            });
        }
        catch (OperationCanceledException)
        {
            // The pool cut it off.
        }
    }

    private async Task Moody(HttpContext context, JsonNode body)
    {
        switch (new Random(HashCode.Combine(_seed, Interlocked.Increment(ref _requests))).Next(12))
        {
            case 0:
                context.Response.StatusCode = 429;
                break;
            case 1:
                context.Response.StatusCode = 500;
                break;
            case 2:
                await context.Response.WriteAsync("<html>It works!</html>");
                break;
            case 3:
                await OpenAiAnswers.Events(context, ["Half", " a"]);
                break;
            case 4:
                await OpenAiAnswers.Events(context, ["Half"]);
                await Never(context);
                break;
            case 5:
                await Never(context);
                break;
            default:
                await Well(context, body);
                break;
        }
    }

    private Task Fragile(HttpContext context, JsonNode body)
    {
        Interlocked.Increment(ref _fragile);
        if (IsWell)
            return Well(context, body);
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    }

    private async Task Flood(HttpContext context)
    {
        Interlocked.Increment(ref _floods);
        try
        {
            context.Response.ContentType = "text/event-stream";
            while (true)
            {
                await context.Response.BodyWriter.WriteAsync(Piece, context.RequestAborted);
                Interlocked.Add(ref _flooded, Piece.Length);
                // Kestrel takes at once, and drops, what is written to a broken connection, and a thread of the pool tells of the break:
                // a loop that never leaves its thread keeps that one, and everybody else in this process, from running.
                await Task.Yield();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _floods);
        }
    }

    /// <summary>A short answer that takes a model's time, and says what it used.</summary>
    private static async Task Well(HttpContext context, JsonNode body)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
        await (body["stream"]?.GetValue<bool>() == true
            ? OpenAiAnswers.Stream(context, body)
            : context.Response.WriteAsync(JsonSerializer.Serialize(OpenAiAnswers.Whole(body, new { role = "assistant", content = "Hello!" }, "stop"))));
    }

    private static Task Never(HttpContext context) => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
}
