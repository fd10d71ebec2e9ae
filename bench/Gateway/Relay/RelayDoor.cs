using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Bench.Gateway.Relay;

/// <summary>The relay's front: an HTTP request becomes a frame, the frame that comes back its answer.</summary>
internal sealed class RelayDoor
{
    public const string Command = "relay-door";

    private readonly ConcurrentDictionary<long, TaskCompletionSource<byte[]>> _asked = new();
    private RelaySocket? _agent;
    private long _last;

    /// <summary>Says its address in one line, and runs until the input ends.</summary>
    public static async Task Run(TextReader input, TextWriter output)
    {
        var door = new RelayDoor();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Map("/link", door.Link);
        app.MapPost("/v1/chat/completions", door.Serve);
        await app.StartAsync();
        await output.WriteLineAsync(app.Urls.Single());
        await output.FlushAsync();
        await input.ReadToEndAsync();
    }

    private async Task Link(HttpContext context)
    {
        using var agent = new RelaySocket(await context.WebSockets.AcceptWebSocketAsync());
        _agent = agent;
        await agent.ReadAll((name, body) =>
        {
            if (_asked.TryRemove(name, out var waiting))
                waiting.SetResult(body);
        });
    }

    private async Task Serve(HttpContext context)
    {
        var body = new byte[(int)context.Request.ContentLength!];
        await context.Request.Body.ReadExactlyAsync(body);
        var name = Interlocked.Increment(ref _last);
        var waiting = _asked[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _agent!.Send(name, body);
        var answer = await waiting.Task;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }
}
