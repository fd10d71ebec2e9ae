using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Admin.Tests.Fixtures;

/// <summary>A real HTTP server that answers as the test says and remembers what it was asked.</summary>
internal sealed class FakePool : IAsyncDisposable
{
    public const string Key = "ck_operator";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    private FakePool(WebApplication app)
    {
        _app = app;
        app.Run(Serve);
    }

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<Asked> Asked { get; } = [];

    /// <param name="answers">Alternating: "GET /path?query" and the JSON of its answer.</param>
    public static async Task<FakePool> Start(params string[] answers)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var pool = new FakePool(builder.Build());
        for (var i = 0; i < answers.Length; i += 2)
            pool.Answer(answers[i], answers[i + 1]);
        await pool._app.StartAsync();
        return pool;
    }

    public FakePool Answer(string request, string body, int status = 200)
    {
        _answers[request] = new(status, body);
        return this;
    }

    public FakePool Refuse(string request, int status, string code, string message) =>
        Answer(request, $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}","details":{},"request_id":"req_1","timestamp":"2026-01-05T00:00:00+00:00"}}""", status);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task Serve(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = $"{context.Request.Method} {target}";
        Asked.Enqueue(new(request, await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString()));
        var answer = _answers.GetValueOrDefault(request) ?? new(404, "no such canned answer: " + request);
        context.Response.StatusCode = answer.Status;
        await context.Response.WriteAsync(answer.Body);
    }
}

internal sealed record Answer(int Status, string Body);

/// <param name="Authorization">The header as it came, empty when there was none.</param>
internal sealed record Asked(string Request, string Body, string Authorization);
