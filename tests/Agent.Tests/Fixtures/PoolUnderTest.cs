using System.Net;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Workers;
using CocoonPool.Silo.Workers.Polling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>The pool's end of the link on a real server at 127.0.0.1, with a fake grain behind it.</summary>
internal sealed class PoolUnderTest : IAsyncDisposable
{
    public const string PoolId = "test-pool";

    /// <summary>Of each polling worker.</summary>
    public const int HeartbeatsPerHour = 3;

    private readonly WebApplication _app;
    private readonly FakeGrains _grains;

    private PoolUnderTest(WebApplication app, FakeGrains grains)
    {
        _app = app;
        _grains = grains;
        Url = new Uri(app.Urls.Single());
    }

    public Uri Url { get; }

    public IWorkerLinks Links => _app.Services.GetRequiredService<IWorkerLinks>();

    public static async Task<PoolUnderTest> Start(
        int port = 0, FakeGrains? known = null, Action<WorkerLinkOptions>? configure = null, TimeProvider? time = null)
    {
        var (factory, grains) = known is null ? FakeGrains.Create() : ((IGrainFactory)(object)known, known);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddWorkerLink(options =>
        {
            options.PoolId = PoolId;
            options.StopGrace = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        builder.Services.AddRateLimits().Configure<RateLimitOptions>(o => o.HeartbeatsPerHour = HeartbeatsPerHour);
        var app = builder.Build();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.MapPolling();
        app.MapWorkerLink();
        // Of several silos, the first one started has the polling workers.
        grains.PollSessions ??= app.Services.GetRequiredService<IPollSessions>();
        await app.StartAsync();
        return new PoolUnderTest(app, grains);
    }

    public FakeWorkerGrain Worker(WorkerId id) => _grains.Worker($"{PoolId}/{id}");

    public FakeGrains Grains => _grains;

    /// <summary>Says that the silo is about to stop; it still answers.</summary>
    public void AnnounceStop() => _app.Lifetime.StopApplication();

    public IAsyncEnumerable<InferenceItem> Run(WorkerId worker, InferenceTask task, CancellationToken cancellationToken = default) =>
        Links.Run(worker, task, cancellationToken);

    public static InferenceTask Chat(string id, bool stream, string model = "test-model", int maxTokens = 20) => new(
        new TaskId(id), $"ticket-{id}", "chat/completions", model, stream,
        System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"model":"{{{model}}}","stream":{{{(stream ? "true" : "false")}}},"max_tokens":{{{maxTokens}}},"messages":[{"role":"user","content":"Tell me about the river and the \"sun\"."}]}"""));

    public async ValueTask DisposeAsync()
    {
        if (ReferenceEquals(_grains.PollSessions, _app.Services.GetRequiredService<IPollSessions>()))
            _grains.PollSessions = null;
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
